import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, expect, it } from "vitest"
import { startPricing } from "../src/index.ts"
import { aListPrice, aPrice, aPriceList, aPriceSet } from "../src/testing.ts"

let database: TestDatabase
let pricing: Awaited<ReturnType<typeof startPricing>>
let setId: string
let listId: string

beforeAll(async () => {
  database = await createTestDatabase()
  pricing = await startPricing({ database: database.url })
  await pricing.migrate()
  const rules = [{ attribute: "region_id", value: "reg_1" }]
  setId = (await pricing.priceSets.create(aPriceSet(aPrice({ amount: "10.50", rules })))).id
  const list = aPriceList({
    rules: { "customer.groups.id": ["a", "b"] },
    prices: [aListPrice(setId, { minQuantity: 2 })],
  })
  listId = (await pricing.priceLists.create(list)).id
})

afterAll(async () => {
  await pricing.close()
  await database.drop()
})

const read = async (resource: string, fields: object, filter: object = {}) => {
  const { rows } = await pricing.query.listRaw(resource, {
    fields: fields as never,
    filter: filter as never,
    names: "wire",
  })
  return JSON.parse(rows) as Record<string, unknown>[]
}

it("shows prices on the wire with their rules, list and set, and not how rules are stored", async () => {
  const fields = {
    "*": true,
    price_rules: true,
    price_list: { id: true, price_list_rules: true },
    price_set: { id: true },
  }

  const [base, listed] = await read("price", fields)

  expect(base).toEqual({
    id: expect.stringMatching(/^price_/) as string,
    title: null,
    currency_code: "eur",
    amount: 10.5,
    min_quantity: null,
    max_quantity: null,
    rules_count: 1,
    price_set_id: setId,
    price_list_id: null,
    created_at: expect.any(String) as string,
    updated_at: expect.any(String) as string,
    deleted_at: null,
    price_rules: [
      {
        id: `prule_${String(base?.["id"]).slice(6)}_1`,
        price_id: base?.["id"],
        attribute: "region_id",
        operator: "eq",
        value: "reg_1",
        priority: 0,
        created_at: base?.["created_at"],
        updated_at: base?.["updated_at"],
        deleted_at: null,
      },
    ],
    price_list: null,
    price_set: { id: setId },
  })
  expect(listed).toMatchObject({
    min_quantity: 2,
    price_rules: [],
    price_list: { id: listId, price_list_rules: [{ attribute: "customer.groups.id", value: ["a", "b"] }] },
  })
})

it.each([
  ["price_set", { prices: { price_rules: { value: "reg_1" } } }, 1],
  ["price_set", { prices: { price_rules: { value: "reg_2" } } }, 0],
  ["price", { price_rules: { attribute: "region_id", operator: "eq" } }, 1],
  ["price", { price_list: { status: "active" } }, 1],
  ["price_rule", { attribute: "region_id" }, 1],
  ["price_list", { rules_count: 1, price_list_rules: { value: "b" } }, 1],
  ["price_list", { price_list_rules: { value: "c" } }, 0],
  ["price_list_rule", { price_list_id: "plist_none" }, 0],
  ["price_preference", { attribute: "region_id" }, 0],
])("finds a %s by %j: %i", async (resource, filter, count) => {
  expect(await read(resource, { id: true }, filter)).toHaveLength(count)
})

it("shows the prices of a list", async () => {
  const [list] = await read("price_list", { title: true, prices: { amount: true, price_set_id: true } })

  expect(list).toEqual({ title: "Summer sale", prices: [{ amount: 8, price_set_id: setId }] })
})
