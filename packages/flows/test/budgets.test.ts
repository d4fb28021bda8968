import { statementsOf } from "@marquetry/kernel/testing"
import { httpPayment, startFakePaymentServer, type FakePaymentServer } from "@marquetry/payment/testing"
import { PromotionService } from "@marquetry/promotion"
import { afterAll, beforeAll, expect, it } from "vitest"
import { berlin, openShop, type Shop } from "./shop.ts"

/* Statements are counted without those that begin and end transactions. The HTTP API adds one or two for its answer. */

const LINES = 50

let shop: Shop
let server: FakePaymentServer
let variants: string[]
let other: string

beforeAll(async () => {
  server = await startFakePaymentServer()
  shop = await openShop({ payment: { providers: [httpPayment(server)] } })
  variants = []
  for (let index = 0; index < LINES; index++) {
    variants.push((await shop.addProduct({ title: `Product ${index}`, stock: 10_000 })).variantId)
  }
  other = (await shop.addProduct({ title: "Other", stock: 10_000 })).variantId
  // One that applies to every line, so that discounts are written too.
  await shop.resolve(PromotionService).create({
    code: "ALL",
    type: "standard",
    status: "active",
    isAutomatic: true,
    applicationMethod: { type: "percentage", targetType: "items", allocation: "across", value: 10 },
  })
})
afterAll(async () => {
  await shop.close()
  await server.close()
})

let made = 0

/** From an empty basket to an order: how many statements each step takes. */
async function journey(lines: number, providerId: string): Promise<Record<string, number>> {
  const { shopper, flow } = shop
  const counts: Record<string, number> = {}
  const count = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    let result: T | undefined
    const sent = await statementsOf(shop.db, async () => {
      result = await work()
    })
    counts[step] = sent.length
    return result as T
  }
  const items = variants.slice(0, lines).map((variantId) => ({ variantId, quantity: 1 }))
  // A guest who is new each time: one statement more than for one who is known.
  const email = `guest${++made}@example.com`
  const id = await count("create", () => flow.create({ items }, shopper))
  await count("add", () => flow.addItems(id, [{ variantId: other, quantity: 2 }], shopper))
  const lineId = (await shop.cart(id)).items.at(-1)?.id as string
  await count("change", () => flow.changeItem(id, lineId, { quantity: 3 }, shopper))
  await count("addresses", () =>
    flow.update(id, { ...berlin, email, billingAddress: { countryCode: "de", city: "Bonn" } }, shopper),
  )
  await count("list shipping", () => flow.shippingOptions(id, shopper))
  await count("choose shipping", () => flow.chooseShipping(id, [{ optionId: shop.filled.shippingOptionId }], shopper))
  const collection = await count("collection", () => shop.payments.collectionOf(id, shopper))
  await count("session", () => shop.payments.choose(collection, { providerId }, shopper))
  await count("add when all is set", () => flow.addItems(id, [{ variantId: other, quantity: 1 }], shopper))
  await shop.payments.choose(collection, { providerId }, shopper)
  const result = await count("complete", () => shop.complete(id))
  const order = await shop.orderOf(id)
  expect(result).toEqual({ kind: "order", orderId: order?.id })
  expect(order?.items).toHaveLength(lines + 1)
  expect(order?.items.every(({ adjustments, taxLines }) => adjustments.length === 1 && taxLines.length === 1)).toBe(
    true,
  )
  await count("complete again", () => shop.complete(id))
  return counts
}

it.each([
  ["pp_system_default", 12],
  ["pp_fake_http", 20],
])("asks the database little, however many lines there are (%s)", async (providerId, complete) => {
  // Compiles what is compiled once.
  await journey(1, providerId)

  const one = await journey(1, providerId)
  const many = await journey(LINES, providerId)

  expect(many).toEqual(one)
  const budgets = {
    create: 8,
    add: 10,
    change: 10,
    addresses: 9,
    "list shipping": 6,
    "choose shipping": 10,
    collection: 4,
    session: 8,
    "add when all is set": 12,
    complete,
    "complete again": 3,
  }
  expect(Object.keys(one).sort()).toEqual(Object.keys(budgets).sort())
  expect(Object.entries(budgets).filter(([step, budget]) => (one[step] ?? Infinity) > budget)).toEqual([])
})
