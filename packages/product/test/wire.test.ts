import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startProduct } from "../src/index.ts"
import { aShirt } from "../src/testing.ts"

const times = "created_at updated_at deleted_at metadata"
const shipping = "weight length height width hs_code origin_country mid_code material"

/** Fields and relations of each resource, as the contract of the wire names them. */
const contract: [resource: string, fields: string, relations: string][] = [
  [
    "product",
    `id title subtitle status external_id description handle is_giftcard discountable thumbnail collection_id type_id ${shipping} ${times}`,
    "type collection options tags images variants categories",
  ],
  [
    "product_variant",
    `id title sku barcode ean upc allow_backorder manage_inventory variant_rank thumbnail product_id ${shipping} ${times}`,
    "images options product",
  ],
  ["product_option", `id title is_exclusive ${times}`, "values products"],
  ["product_option_value", `id value rank option_id ${times}`, "option"],
  ["product_image", `id url rank product_id ${times}`, "product variants"],
  [
    "product_category",
    `id name description handle is_active is_internal rank external_id parent_category_id mpath ${times}`,
    "parent_category category_children products",
  ],
  ["product_collection", `id title handle external_id ${times}`, "products"],
  ["product_tag", `id value external_id ${times}`, "products"],
  ["product_type", `id value external_id ${times}`, "products"],
]

describe("the wire", () => {
  let database: TestDatabase
  let alone: Awaited<ReturnType<typeof startProduct>>

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startProduct({ database: database.url, events: { relay: false } })
    await alone.migrate()
    const [tag] = await alone.tags.upsertMany(["new"])
    const [type] = await alone.types.upsertMany(["shirt"])
    const collection = await alone.collections.create({ title: "Summer" })
    const category = await alone.categories.create({ name: "Clothing" })
    await alone.products.create(
      aShirt({ tagIds: [tag!.id], typeId: type!.id, collectionId: collection.id, categoryIds: [category.id] }),
    )
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it.each(contract)("has the fields of a %s, and no others", async (resource, fields, relations) => {
    const chosen = Object.fromEntries(relations.split(" ").map((name) => [name, { id: true as const }]))

    const { rows } = await alone.query.listRaw(resource, { fields: { "*": true, ...chosen }, names: "wire", limit: 1 })

    const [row] = JSON.parse(rows) as [object]
    expect(Object.keys(row).sort()).toEqual(`${fields} ${relations}`.split(" ").sort())
  })
})
