import { compose, type Composition } from "@marquetry/kernel"
import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, expect, it } from "vitest"
import {
  InventoryItemService,
  inventoryItemTotals,
  inventoryModule,
  ReservationService,
  VariantInventoryItemService,
} from "../src/index.ts"

let database: TestDatabase
let shop: Composition
let itemId: string

beforeAll(async () => {
  database = await createTestDatabase()
  shop = await compose({ database: database.url, modules: [inventoryModule], computed: inventoryItemTotals })
  await shop.migrate()
  const { id } = await shop.container.resolve(InventoryItemService).create({
    sku: "B-1",
    weight: "1.5",
    locationLevels: [
      { locationId: "sloc_a", stockedQuantity: 5, incomingQuantity: 2 },
      { locationId: "sloc_b", stockedQuantity: 1 },
    ],
  })
  itemId = id
  await shop.container
    .resolve(VariantInventoryItemService)
    .setForVariants([{ variantId: "variant_1", items: [{ inventoryItemId: id, requiredQuantity: 2 }] }])
  await shop.container.resolve(ReservationService).reserve({
    lines: [{ lineItemId: "line", variantId: "variant_1", quantity: 1 }],
    locationIds: ["sloc_a"],
    createdBy: "user_1",
  })
})
afterAll(async () => {
  await shop.close()
  await database.drop()
})

const read = async (resource: string, fields: object) => {
  const { rows } = await shop.query.listRaw(resource, { fields: fields as never, names: "wire" })
  return JSON.parse(rows) as Record<string, unknown>[]
}
const text = expect.any(String) as string

it("shows items on the wire with their levels, in numbers, and what they have over all locations", async () => {
  const fields = {
    sku: true,
    weight: true,
    stocked_quantity: true,
    reserved_quantity: true,
    location_levels: { "*": true },
  }

  const [item] = await read("inventory_item", fields)

  expect(item).toMatchObject({ sku: "B-1", weight: 1.5, stocked_quantity: 6, reserved_quantity: 2 })
  expect(item?.["location_levels"]).toMatchObject([
    {
      id: text,
      inventory_item_id: itemId,
      location_id: "sloc_a",
      stocked_quantity: 5,
      reserved_quantity: 2,
      incoming_quantity: 2,
      available_quantity: 3,
      metadata: null,
      created_at: text,
      updated_at: text,
      deleted_at: null,
    },
    { location_id: "sloc_b", available_quantity: 1 },
  ])
})

it("shows reservations on the wire with their items", async () => {
  const [reservation] = await read("reservation", { "*": true, inventory_item: { sku: true } })

  expect(reservation).toMatchObject({
    id: text,
    inventory_item_id: itemId,
    location_id: "sloc_a",
    quantity: 2,
    line_item_id: "line",
    description: null,
    external_id: null,
    created_by: "user_1",
    metadata: null,
    deleted_at: null,
    inventory_item: { sku: "B-1" },
  })
})

it("shows what variants are made of on the wire", async () => {
  expect(await read("variant_inventory_item", { "*": true, inventory: { sku: true } })).toEqual([
    {
      id: text,
      variant_id: "variant_1",
      inventory_item_id: itemId,
      required_quantity: 2,
      created_at: text,
      updated_at: text,
      deleted_at: null,
      inventory: { sku: "B-1" },
    },
  ])
})
