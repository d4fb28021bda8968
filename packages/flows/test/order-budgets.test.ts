import { statementsOf } from "@marquetry/kernel/testing"
import { httpPayment, startFakePaymentServer, type FakePaymentServer } from "@marquetry/payment/testing"
import { afterAll, beforeAll, expect, it } from "vitest"
import { FulfillmentFlow, OrderFlow, OrderPaymentFlow } from "../src/index.ts"
import { paymentOf, piecesOf } from "./placed-orders.ts"
import { openShop, type Shop } from "./shop.ts"

/* Statements are counted without those that begin and end transactions. */

const LINES = 30
const label = { trackingNumber: "1Z", trackingUrl: "https://track.example/1Z", labelUrl: "https://label.example/1Z" }

let shop: Shop
let server: FakePaymentServer
let variants: string[]

beforeAll(async () => {
  server = await startFakePaymentServer()
  shop = await openShop({ payment: { providers: [httpPayment(server)] } })
  variants = []
  for (let index = 0; index < LINES; index++) variants.push((await shop.addProduct()).variantId)
})
afterAll(async () => {
  await shop.close()
  await server.close()
})

/** An order of so many lines, of two pieces each. */
const placed = (lines: number, providerId?: string) =>
  shop.order(Object.fromEntries(variants.slice(0, lines).map((id) => [id, 2])), providerId)

/** How many statements each step takes. */
async function counted(steps: Readonly<Record<string, () => Promise<unknown>>>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [name, step] of Object.entries(steps)) {
    counts[name] = (await statementsOf(shop.db, async () => void (await step()))).length
  }
  return counts
}

async function sending(lines: number) {
  const order = await placed(lines)
  const flow = shop.resolve(FulfillmentFlow)
  const made: string[] = []
  const items = piecesOf(order)
  return counted({
    fulfil: async () => made.push((await flow.create(order.id, { items }, null)).id),
    cancel: () => flow.cancel(order.id, made[0] as string),
    "fulfil again": async () => made.push((await flow.create(order.id, { items }, null)).id),
    ship: () => flow.ship(order.id, made[1] as string, { labels: [label] }, null),
    deliver: () => flow.deliver(order.id, made[1] as string),
  })
}

it("asks the database little to send things, however many lines there are", async () => {
  // Compiles what is compiled once.
  await sending(1)

  const [one, many] = [await sending(1), await sending(LINES)]

  expect(many).toEqual(one)
  expect(one).toEqual({ fulfil: 13, cancel: 11, "fulfil again": 13, ship: 8, deliver: 7 })
})

async function paying(lines: number, providerId: string) {
  const order = await placed(lines, providerId)
  const { paymentId } = await paymentOf(shop, order.id)
  const flow = shop.resolve(OrderPaymentFlow)
  return counted({
    capture: () => flow.capture(paymentId, { amount: 10 }, null),
    "capture the rest": () => flow.capture(paymentId, {}, null),
    refund: () => flow.refund(paymentId, { amount: 10 }, null),
  })
}

it.each([
  ["pp_system_default", { capture: 10, "capture the rest": 9, refund: 9 }],
  ["pp_fake_http", { capture: 10, "capture the rest": 9, refund: 9 }],
])("asks the database little to take money and to give it back (%s)", async (providerId, budgets) => {
  await paying(1, providerId)

  const [one, many] = [await paying(1, providerId), await paying(LINES, providerId)]

  expect(many).toEqual(one)
  expect(one).toEqual(budgets)
})

async function calling(lines: number, providerId: string) {
  const { id } = await placed(lines, providerId)
  return counted({ cancel: () => shop.resolve(OrderFlow).cancel(id, null) })
}

it.each([
  ["pp_system_default", 15],
  ["pp_fake_http", 16],
])("asks the database little to call an order off (%s)", async (providerId, cancel) => {
  await calling(1, providerId)

  const [one, many] = [await calling(1, providerId), await calling(LINES, providerId)]

  expect(many).toEqual(one)
  expect(one).toEqual({ cancel })
})
