import { afterAll, beforeAll, expect, it } from "vitest"
import { assertConsistent } from "./consistency.ts"
import { startChild } from "./processes/child.ts"
import { openShop, type Shop } from "./shop.ts"

let shop: Shop

beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())

it("sells five of five, when four processes ask for a hundred at once", async () => {
  const item = await shop.stocked({ a: 5 })
  const children = await Promise.all(
    Array.from({ length: 4 }, () => startChild<string[]>("reserve.ts", shop.url, item, "25")),
  )

  const answers = (await Promise.all(children.map((child) => child.work()))).flat()

  expect(answers).toHaveLength(100)
  expect(answers.filter((answer) => answer === "reserved")).toHaveLength(5)
  expect(answers.filter((answer) => answer === "inventory.insufficient")).toHaveLength(95)
  expect(await shop.levelsOf(item)).toEqual({ a: [5, 5, 0] })
  expect((await shop.reservations.list({ filter: { inventoryItemId: item } })).count).toBe(5)
}, 60_000)

it("neither waits in a circle nor loses a unit, whatever four processes do at once", async () => {
  const items = await Promise.all([1, 2, 3, 4].map(() => shop.stocked({ a: 20, b: 20 })))
  const children = await Promise.all(
    [11, 22, 33, 44].map((seed) => startChild<string[]>("chaos.ts", shop.url, String(seed), "60", ...items)),
  )

  const answers = (await Promise.all(children.map((child) => child.work()))).flat()

  const counts = Object.fromEntries(
    [...Map.groupBy(answers, (answer) => answer)].map(([code, all]) => [code, all.length]),
  )
  const known = new Set([
    "done",
    "inventory.insufficient",
    "inventory.not_fulfilled",
    "inventory.not_reserved",
    "inventory.reservation_gone",
    "inventory.stock_missing",
    "inventory.stock_out_of_bounds",
    "resource.not_found",
  ])
  expect(Object.keys(counts).filter((code) => !known.has(code))).toEqual([])
  expect(answers).toHaveLength(4 * 5 * 60)
  expect(counts["done"]).toBeGreaterThan(200)
  await assertConsistent(shop.database)
}, 120_000)
