import { statementsOf } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, expect, it } from "vitest"
import { FulfillmentFlow } from "../src/index.ts"
import { piecesOf } from "./placed-orders.ts"
import { openShop, type Shop } from "./shop.ts"

/* Statements are counted without those that begin and end transactions. */

const LINES = 30
const label = { trackingNumber: "1Z", trackingUrl: "https://track.example/1Z", labelUrl: "https://label.example/1Z" }

let shop: Shop
let variants: string[]

beforeAll(async () => {
  shop = await openShop()
  variants = []
  for (let index = 0; index < LINES; index++) variants.push((await shop.addProduct()).variantId)
})
afterAll(() => shop.close())

/** An order of so many lines, of two pieces each. */
const placed = (lines: number) => shop.order(Object.fromEntries(variants.slice(0, lines).map((id) => [id, 2])))

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
    fulfil: async () => made.push(await flow.create(order.id, { items }, null)),
    cancel: () => flow.cancel(order.id, made[0] as string),
    "fulfil again": async () => made.push(await flow.create(order.id, { items }, null)),
    ship: () => flow.ship(order.id, made[1] as string, { labels: [label] }, null),
    deliver: () => flow.deliver(order.id, made[1] as string),
  })
}

it("asks the database little to send things, however many lines there are", async () => {
  // Compiles what is compiled once.
  await sending(1)

  const [one, many] = [await sending(1), await sending(LINES)]

  expect(many).toEqual(one)
  expect(one).toEqual({ fulfil: 13, cancel: 10, "fulfil again": 13, ship: 7, deliver: 6 })
})
