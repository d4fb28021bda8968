import { apiKeyModule } from "@marquetry/api-key"
import { catalogueLinks } from "@marquetry/flows"
import { InventoryItemService, inventoryModule, variantInventoryItemResource } from "@marquetry/inventory"
import { compose, linkByColumn, type Composition } from "@marquetry/kernel"
import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { pricingModule } from "@marquetry/pricing"
import { productModule, variantResource } from "@marquetry/product"
import { salesChannelModule } from "@marquetry/sales-channel"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { productImporter, readShopifyCsv } from "../src/index.ts"
import { aRow, csvOf, sourceOf, type Row } from "./csv.ts"

const inventoryItems = linkByColumn(variantInventoryItemResource, variantResource, {
  column: "variantId",
  as: "variant",
  inverse: "inventory_items",
})

let database: TestDatabase
let composition: Composition

beforeAll(async () => {
  database = await createTestDatabase()
  composition = await compose({
    database: database.url,
    modules: [salesChannelModule, apiKeyModule, productModule, pricingModule, inventoryModule],
    links: [...catalogueLinks, inventoryItems],
    events: { relay: false },
  })
  await composition.migrate()
})
afterAll(async () => {
  await composition.close()
  await database.drop()
})

/** A shirt in those sizes, of which `counted` are counted. */
const aShirt = (sizes: readonly string[], counted = sizes) =>
  csvOf(
    sizes.map((size, index): Row => {
      const tracker = counted.includes(size) ? "shopify" : ""
      const variant = {
        Handle: "shirt",
        "Option1 Value": size,
        "Variant SKU": `SHIRT-${size}`,
        "Variant Price": "10",
        "Variant Inventory Tracker": tracker,
      }
      return index === 0 ? { ...aRow(variant), Title: "Shirt", "Option1 Name": "Size" } : variant
    }),
  )

const importFile = (text: string) =>
  productImporter(composition.container).run(readShopifyCsv(sourceOf(text)), { prices: [{ currencyCode: "eur" }] })

/** SKUs of the items that variants are made of, and of all that there are. */
async function skus() {
  const { rows } = await composition.container.resolve(InventoryItemService).list()
  const parts = await composition.database.sql<{ sku: string }>(
    `select v.sku from "inventory"."variant_inventory_item" p join "product"."product_variant" v on v.id = p.variant_id
     join "inventory"."inventory_item" i on i.id = p.inventory_item_id and i.sku = v.sku
     where p.deleted_at is null and v.deleted_at is null order by 1`,
  )
  return [parts.map(({ sku }) => sku), rows.map(({ sku }) => String(sku)).sort()]
}

describe("an import into a shop that counts stock", () => {
  it("gives new variants items of their own, and takes those of variants that go", async () => {
    await importFile(aShirt(["S", "M", "L"], ["S", "M"]))
    const first = await skus()
    const again = await importFile(aShirt(["S", "M", "L"], ["S", "M"]))
    const second = await skus()

    await importFile(aShirt(["M", "XL"]))

    expect(first).toEqual([
      ["SHIRT-M", "SHIRT-S"],
      ["SHIRT-M", "SHIRT-S"],
    ])
    expect(again).toMatchObject({ unchanged: 1, refusals: [] })
    expect(second).toEqual(first)
    expect(await skus()).toEqual([
      ["SHIRT-M", "SHIRT-XL"],
      ["SHIRT-M", "SHIRT-XL"],
    ])
    const sets = await composition.database.sql<{ count: number }>(
      `select count(*)::int as count from "pricing"."price_set" where deleted_at is null`,
    )
    expect(sets).toEqual([{ count: 2 }])
  })

  it("refuses products whose SKU is that of another item, and takes the others", async () => {
    await composition.container.resolve(InventoryItemService).create({ sku: "HAT" })
    const hat = aRow({ Handle: "hat", Title: "Hat", "Variant SKU": "HAT", "Variant Inventory Tracker": "shopify" })
    const cap = aRow({ Handle: "cap", Title: "Cap", "Variant SKU": "CAP", "Variant Inventory Tracker": "shopify" })

    const summary = await importFile(csvOf([hat, cap]))

    expect(summary).toMatchObject({ created: 1, refusals: [{ handle: "hat", code: "import.refused_by_shop" }] })
    expect((await skus())[0]).toContain("CAP")
  })
})
