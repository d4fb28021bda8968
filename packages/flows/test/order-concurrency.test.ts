import { httpPayment, startFakePaymentServer, type FakePaymentServer } from "@marquetry/payment/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { balanceOf } from "./order-books.ts"
import { startChild, type Child } from "./processes/child.ts"
import type { Deed } from "./processes/orders.ts"
import { paidOrder, piecesOf, shirtsAndVouchers } from "./placed-orders.ts"
import { openShop, type Shop } from "./shop.ts"

/* Many at once, over several processes, do things to orders. */

const PROCESSES = 3
const OUTSIDE = "pp_fake_http"

let shop: Shop
let server: FakePaymentServer
let children: Child[]

beforeAll(async () => {
  server = await startFakePaymentServer()
  shop = await openShop({ payment: { providers: [httpPayment(server)] } })
  children = await Promise.all(Array.from({ length: PROCESSES }, () => startChild("orders.ts", shop.url, server.url)))
})
afterAll(async () => {
  await Promise.all(children.map((child) => child.end()))
  await shop.close()
  await server.close()
})

/** Has processes do all of it at once; each deed is done by one of them. Answers what they came to, in order. */
async function doApart(deeds: readonly Deed[]): Promise<string[]> {
  const shareOf = (process: number) => deeds.filter((_, index) => index % PROCESSES === process)
  const answers = (await Promise.all(
    children.map((child, index) => child.work({ deeds: shareOf(index) })),
  )) as string[][]
  return deeds.map((_, index) => answers[index % PROCESSES]?.[Math.floor(index / PROCESSES)] as string)
}

const balance = (orderId: string) => balanceOf(shop, orderId)
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
const counted = (answers: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(answers, (answer) => answer)].map(([answer, all]) => [answer, all.length]))

it("what twenty send at once leaves once", { timeout: 60_000 }, async () => {
  const [one, other] = [await shop.addProduct(), await shop.addProduct()]
  const placed = await shop.order({ [one.variantId]: 2, [other.variantId]: 1 })
  const items = placed.items.map(({ id, quantity }) => ({ id, quantity }))

  const answers = await doApart(
    times(20, (index) => ({ verb: "fulfil", id: placed.id, items: index % 2 ? items : items.toReversed() })),
  )

  expect(counted(answers)).toEqual({ done: 1, "order.quantity_not_available": 19 })
  expect((await balance(placed.id)).fulfillments).toHaveLength(1)
})

it("pieces that many send one by one leave as often as there are pieces", { timeout: 60_000 }, async () => {
  const { variantId } = await shop.addProduct()
  const placed = await shop.order({ [variantId]: 7 })
  const items = [{ id: placed.items[0]?.id as string, quantity: 1 }]

  const answers = await doApart(times(20, () => ({ verb: "fulfil", id: placed.id, items })))

  expect(counted(answers)).toEqual({ done: 7, "order.quantity_not_available": 13 })
  expect(await balance(placed.id)).toMatchObject({ fulfillmentStatus: "fulfilled" })
})

describe.each(["pp_system_default", OUTSIDE])("paid with %s", (providerId) => {
  it(
    "money that many take at once is taken once, and never above what was authorised",
    { timeout: 60_000 },
    async () => {
      const { id, paymentId, total } = await paidOrder(shop, providerId)
      const captures = server.requests.filter(({ method }) => method === "capture").length

      const whole = await doApart(times(12, () => ({ verb: "capture", id: paymentId })))

      expect(counted(whole)).toEqual({ done: 1, "payment.capture_exceeds_authorized": 11 })
      expect(await balance(id)).toMatchObject({ paid: total, refunded: "0" })
      const asked = server.requests.filter(({ method }) => method === "capture").length - captures
      expect(asked).toBe(providerId === OUTSIDE ? 1 : 0)

      const parts = await doApart(times(12, () => ({ verb: "refund", id: paymentId, amount: 5 })))

      // 17.85 were taken.
      expect(counted(parts)).toEqual({ done: 3, "payment.refund_exceeds_captured": 9 })
      expect(await balance(id)).toMatchObject({ refunded: "15" })
    },
  )

  it("captures and refunds at once leave books that agree", { timeout: 60_000 }, async () => {
    const { id, paymentId } = await paidOrder(shop, providerId)

    const answers = await doApart(
      times(24, (index) => ({ verb: index % 2 === 0 ? "capture" : "refund", id: paymentId, amount: 4 })),
    )

    const { paid, refunded } = await balance(id)
    expect(paid).toBe("16")
    expect(Number(refunded)).toBe(4 * (answers.filter((answer) => answer === "done").length - 4))
  })

  it("an order is called off or sent, never both", { timeout: 60_000 }, async () => {
    for (let round = 0; round < 8; round++) {
      const { id, placed } = await shirtsAndVouchers(shop, providerId)
      const items = piecesOf(placed)
      const deeds: Deed[] = times(6, (index) => {
        return index % 2 === round % 2 ? { verb: "cancel", id } : { verb: "fulfil", id, items }
      })

      const answers = await doApart(deeds)

      const { status, fulfillments } = await balance(id)
      expect(answers.filter((answer) => answer === "done")).toHaveLength(1)
      expect(fulfillments).toHaveLength(status === "canceled" ? 0 : 1)
      const refusals =
        status === "canceled" ? ["order.wrong_status"] : ["order.fulfilled", "order.quantity_not_available"]
      expect(new Set(["done", ...refusals])).toEqual(new Set([...answers, ...refusals]))
    }
  })

  it("money of an order that is called off is not kept, whoever takes it at once", { timeout: 60_000 }, async () => {
    for (let round = 0; round < 8; round++) {
      const { id, paymentId } = await paidOrder(shop, providerId)
      const deeds: Deed[] = times(6, (index) =>
        index === round % 3 ? { verb: "cancel", id } : { verb: "capture", id: paymentId, amount: 3 },
      )

      const answers = await doApart(deeds)

      const { status, paid, refunded } = await balance(id)
      const isCanceled = status === "canceled"
      expect(["done", "payment.capture_under_way"]).toContain(answers[round % 3])
      expect(isCanceled).toBe(answers[round % 3] === "done")
      expect(refunded).toBe(isCanceled ? paid : "0")
      const refusals = new Set(["payment.canceled", "order.wrong_status"])
      expect(answers.filter((answer, index) => index !== round % 3 && answer !== "done")).toEqual(
        answers.filter((answer) => refusals.has(answer)),
      )
    }
  })
})
