import { PaymentRecoveryService } from "@marquetry/payment"
import { httpPayment, startFakePaymentServer, type FakePaymentServer } from "@marquetry/payment/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { FulfillmentFlow, OrderFlow, OrderPaymentFlow, paymentLedger } from "../src/index.ts"
import { accountOf, balanceOf } from "./order-books.ts"
import { paidOrder, paymentOf, piecesOf, shirtsAndVouchers } from "./placed-orders.ts"
import { startChild } from "./processes/child.ts"
import type { Deed } from "./processes/orders.ts"
import { openShop, type Shop } from "./shop.ts"

/* What is done to orders by a process that dies, at any moment, and what others make of it. */

const OUTSIDE = "pp_fake_http"
/** Processes at once. */
const WIDTH = 4

let shop: Shop
let server: FakePaymentServer

beforeAll(async () => {
  server = await startFakePaymentServer()
  shop = await openShop({
    payment: { providers: [httpPayment(server)], recoverAfter: 1, timeout: 5_000 },
    subscribers: paymentLedger,
    // Those of the process that died are told by this one.
    events: { relay: true, pollInterval: 20, backoff: 1 },
  })
})
afterAll(async () => {
  await shop.close()
  await server.close()
})

/** Has a process do one thing, and kills it at a statement. @returns whether it died. */
async function dieAt(deed: Deed, statement: number): Promise<boolean> {
  const child = await startChild("orders.ts", shop.url, server.url)
  const answer = await child.work({ deeds: [deed], dieAt: statement })
  const isKilled = (await child.end()) === "SIGKILL"
  expect(answer).toEqual(isKilled ? undefined : ["done"])
  return isKilled
}

/** Tries one statement after the other, until one process survives. @returns how many were killed. */
async function dieEverywhere(attempt: (statement: number) => Promise<boolean>): Promise<number> {
  const ends: boolean[] = []
  while (ends.every((isKilled) => isKilled)) {
    const next = Array.from({ length: WIDTH }, (_, index) => attempt(ends.length + index + 1))
    ends.push(...(await Promise.all(next)))
  }
  return ends.filter((isKilled) => isKilled).length
}

/** Until nothing waits for a provider, and the order knows all that was recorded. */
async function recovered(orderId: string) {
  await expect
    .poll(
      async () => {
        await shop.resolve(PaymentRecoveryService).recoverPending()
        const { operations, captures, refunds, transactions } = await accountOf(shop, orderId)
        return [operations, transactions.length - captures.length - refunds.length]
      },
      { timeout: 20_000 },
    )
    .toEqual([0, 0])
  return balanceOf(shop, orderId)
}

const held = async (paymentId: string) => {
  const [row] = await shop.sql<{ id: string }>(
    `select payment_session_id as id from "payment"."payment" where id = $1`,
    [paymentId],
  )
  return server.sessions.get(row?.id ?? "")
}

describe("at whatever statement its process is killed", () => {
  it.each(["pp_system_default", OUTSIDE])(
    "money is taken or not, and all know (%s)",
    { timeout: 300_000 },
    async (by) => {
      const killed = await dieEverywhere(async (statement) => {
        const { id, paymentId, total } = await paidOrder(shop, by)
        const isKilled = await dieAt({ verb: "capture", id: paymentId }, statement)

        const { paid } = await recovered(id)

        expect(["0", total]).toContain(paid)
        expect(by === OUTSIDE ? (await held(paymentId))?.captured.toString() : paid).toBe(paid)
        if (paid === "0") await shop.resolve(OrderPaymentFlow).capture(paymentId, {}, null)
        expect(await balanceOf(shop, id)).toMatchObject({ paid: total })
        return isKilled
      })

      expect(killed).toBeGreaterThanOrEqual(6)
    },
  )

  it("money is given back or not, and all know", { timeout: 300_000 }, async () => {
    const killed = await dieEverywhere(async (statement) => {
      const { id, paymentId, total } = await paidOrder(shop, OUTSIDE)
      await shop.resolve(OrderPaymentFlow).capture(paymentId, {}, null)
      const isKilled = await dieAt({ verb: "refund", id: paymentId, amount: 5 }, statement)

      const { refunded, paid } = await recovered(id)

      expect(["0", "5"]).toContain(refunded)
      expect(paid).toBe(total)
      expect((await held(paymentId))?.refunded.toString()).toBe(refunded)
      return isKilled
    })

    expect(killed).toBeGreaterThanOrEqual(6)
  })

  it("goods are taken or not, with their stock", { timeout: 300_000 }, async () => {
    const killed = await dieEverywhere(async (statement) => {
      const { id, placed } = await shirtsAndVouchers(shop)
      const items = piecesOf(placed)
      const isKilled = await dieAt({ verb: "fulfil", id, items }, statement)

      const { fulfillments } = await balanceOf(shop, id)

      expect(fulfillments).toHaveLength(isKilled ? 0 : 1)
      if (isKilled) await shop.resolve(FulfillmentFlow).create(id, { items }, null)
      expect(await balanceOf(shop, id)).toMatchObject({ fulfillmentStatus: "fulfilled" })
      return isKilled
    })

    expect(killed).toBeGreaterThanOrEqual(10)
  })

  it.each([0, 10])(
    "an order is called off or not, with all that it keeps (%d captured)",
    { timeout: 300_000 },
    async (captured) => {
      const killed = await dieEverywhere(async (statement) => {
        const { id, placed } = await shirtsAndVouchers(shop, OUTSIDE)
        const { paymentId } = await paymentOf(shop, id)
        if (captured > 0) await shop.resolve(OrderPaymentFlow).capture(paymentId, { amount: captured }, null)
        const isKilled = await dieAt({ verb: "cancel", id }, statement)

        const { status } = await recovered(id)

        if (status !== "canceled") await shop.resolve(OrderFlow).cancel(id, null)
        expect(await balanceOf(shop, id)).toMatchObject({
          status: "canceled",
          paid: String(captured),
          refunded: String(captured),
          lines: placed.items.map(() => ({ reserved: 0 })),
        })
        const there = await held(paymentId)
        expect(there?.refunded.toString()).toBe(String(captured))
        // Of a payment that was captured in part, the provider lets the rest go by itself.
        expect(there?.authorized.toString()).toBe(captured > 0 ? placed.total : "0")
        return isKilled
      })

      expect(killed).toBeGreaterThanOrEqual(8)
    },
  )
})
