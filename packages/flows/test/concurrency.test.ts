import { httpPayment, startFakePaymentServer, type FakePaymentServer } from "@marquetry/payment/testing"
import { PromotionService } from "@marquetry/promotion"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { expectNothing, expectOrder, outcomeOf } from "./books.ts"
import { startChild, type Child } from "./processes/child.ts"
import { openShop, type Shop } from "./shop.ts"

/* Many at once, over several processes. */

const OUTSIDE = "pp_fake_http"
const PROCESSES = 4

let shop: Shop
let server: FakePaymentServer
let children: Child[]

beforeAll(async () => {
  server = await startFakePaymentServer()
  shop = await openShop({ payment: { providers: [httpPayment(server)] } })
  const args = [shop.url, server.url, JSON.stringify(shop.shopper)]
  children = await Promise.all(Array.from({ length: PROCESSES }, () => startChild("complete.ts", ...args)))
})
afterEach(() => server.behave({}))
afterAll(async () => {
  await Promise.all(children.map((child) => child.end()))
  await shop.close()
  await server.close()
})

const outcome = (cartId: string) => outcomeOf(shop, cartId, server)
const inTurn = async <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> => {
  const made: T[] = []
  for (let index = 0; index < count; index++) made.push(await make(index))
  return made
}

/** Has processes complete carts, all at once; each cart by one of them. Answers ids of orders, or codes, in order. */
async function completeApart(cartIds: readonly string[]): Promise<string[]> {
  const shareOf = (process: number) => cartIds.filter((_, index) => index % PROCESSES === process)
  const answers = (await Promise.all(children.map((child, index) => child.work(shareOf(index))))) as string[][]
  return cartIds.map((_, index) => answers[index % PROCESSES]?.[Math.floor(index / PROCESSES)] as string)
}

it("puts what is added at once into one line", async () => {
  const { variantId } = await shop.addProduct()
  const id = await shop.flow.create({}, shop.shopper)

  await Promise.all(Array.from({ length: 5 }, () => shop.flow.addItems(id, [{ variantId, quantity: 1 }], shop.shopper)))

  expect(await shop.cart(id)).toMatchObject({ items: [{ quantity: 5 }], total: "59.5" })
  expect((await shop.cart(id)).items).toHaveLength(1)
})

describe.each(["pp_system_default", OUTSIDE])("paid with %s", (providerId) => {
  const outside = providerId === OUTSIDE

  it("a cart that twenty complete at once is one order, which all of them get", { timeout: 60_000 }, async () => {
    const { variantId } = await shop.addProduct()
    const id = await shop.readyCart(variantId, { providerId })
    const asked = server.authorizations.size

    const answers = await completeApart(Array.from({ length: 20 }, () => id))

    const after = await outcome(id)
    expectOrder(after, { outside })
    expect(answers).toEqual(answers.map(() => after.orders[0]))
    expect(server.authorizations.size - asked).toBe(outside ? 1 : 0)
  })

  it("five pieces make five orders, when forty want one at once", { timeout: 60_000 }, async () => {
    const { variantId, inventoryItemId } = await shop.addProduct({ stock: 5 })
    const ids = await inTurn(40, (index) =>
      shop.readyCart(variantId, { providerId, email: `buyer${index}@example.com` }),
    )

    const answers = await completeApart(ids)

    expect(answers.filter((answer) => answer.startsWith("order_"))).toHaveLength(5)
    expect(answers.filter((answer) => answer === "inventory.insufficient")).toHaveLength(35)
    expect(await shop.reserved(inventoryItemId)).toBe(5)
    for (const [index, id] of ids.entries()) {
      if (answers[index]?.startsWith("order_")) expectOrder(await outcome(id), { outside })
      else expectNothing(await outcome(id))
    }
  })

  it(
    "a code for three is used by three of twenty, and the others can go on without it",
    { timeout: 60_000 },
    async () => {
      const { variantId } = await shop.addProduct()
      const code = `THREE-${providerId}`
      const promotion = await shop.resolve(PromotionService).create({
        code,
        type: "standard",
        status: "active",
        limit: 3,
        applicationMethod: { type: "fixed", targetType: "order", value: 2, currencyCode: "eur" },
      })
      const ids = await inTurn(20, () => shop.readyCart(variantId, { providerId, promoCodes: [code] }))

      const answers = await completeApart(ids)

      const refused = ids.filter((_, index) => answers[index] === "promotion.limit_reached")
      expect(answers.filter((answer) => answer.startsWith("order_"))).toHaveLength(3)
      expect(refused).toHaveLength(17)
      expect((await shop.resolve(PromotionService).get(promotion.id)).used).toBe(3)
      for (const id of refused.slice(0, 3)) {
        await shop.flow.refresh(id, shop.shopper)
        expect(await shop.cart(id)).toMatchObject({ discountTotal: "0", total: "17.85" })
        await shop.pay(id, providerId)
        await shop.complete(id)
      }
      const totals = await Promise.all(ids.map(async (id) => (await shop.orderOf(id))?.total))
      const byTotal = Map.groupBy(totals, (total) => total)
      expect([byTotal.get("15.47")?.length, byTotal.get("17.85")?.length]).toEqual([3, 3])
      expect((await shop.resolve(PromotionService).get(promotion.id)).used).toBe(3)
    },
  )

  it(
    "a cart that changes while it is completed is the order as it was at one moment",
    { timeout: 60_000 },
    async () => {
      const stocked = await shop.addProduct({ stock: 100_000 })
      const other = await shop.addProduct({ title: "Other", stock: 100_000 })
      let placed = 0
      for (let round = 0; round < 12; round++) {
        const id = await shop.readyCart(stocked.variantId, { providerId })
        const lineId = (await shop.cart(id)).items[0]?.id as string
        const { flow, shopper } = shop
        const allowed = /^(cart\.completed|checkout\.\w+|payment\.\w+|resource\.not_found)$/
        const attempt = (work: Promise<unknown>) =>
          work.then(
            () => "done",
            (error: { code: string }) => {
              expect(error.code).toMatch(allowed)
              return error.code
            },
          )

        const deeds = [
          () => shop.complete(id),
          () => flow.addItems(id, [{ variantId: other.variantId, quantity: 1 }], shopper),
          () => flow.changeItem(id, lineId, { quantity: 2 + round }, shopper),
          () => shop.complete(id),
          () => flow.update(id, { metadata: { round } }, shopper),
          () => shop.pay(id, providerId),
        ]
        const first = round % deeds.length
        await Promise.all([...deeds.slice(first), ...deeds.slice(0, first)].map((deed) => attempt(deed())))
        if ((await shop.orderOf(id)) === null) {
          await shop.pay(id, providerId)
          await shop.complete(id)
        } else placed++

        const [cart, order] = [await shop.cart(id), await shop.orderOf(id)]
        const linesOf = (lines: readonly { variantId: string | null; quantity: number; total: string }[] = []) =>
          lines.map(({ variantId, quantity, total }) => ({ variantId, quantity, total }))
        expect(linesOf(order?.items)).toEqual(linesOf(cart.items))
        expect(order).toMatchObject({ total: cart.total, metadata: cart.metadata })
        const pieces = cart.items.reduce((total, { quantity }) => total + quantity, 0)
        expectOrder(await outcome(id), { pieces, outside })
      }
      // Some were completed in the race itself, or it was none.
      expect(placed).toBeGreaterThan(0)
    },
  )
})
