import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  ChoiceTaken,
  EanTaken,
  ImageOfAnotherProduct,
  OptionValueMissing,
  SkuTaken,
  startProduct,
  UpcTaken,
  type ProductView,
} from "../index.ts"
import { aProduct, aVariant } from "../testing.ts"

/** Updates tell Postgres how many rows they are about: 1, 10, 100 … */
const withoutCount = (statement: string): string => statement.replaceAll(/limit \d+/g, "limit")

type Catalogue = Awaited<ReturnType<typeof startProduct>>

describe("variants", () => {
  let database: TestDatabase
  let alone: Catalogue
  let variants: Catalogue["variants"]
  let shirt: ProductView

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startProduct({ database: database.url, events: { relay: false } })
    await alone.migrate()
    variants = alone.variants
  })

  beforeEach(async () => {
    await alone.database.run(`truncate "product"."product", "marquetry"."outbox" cascade`)
    shirt = await alone.products.create(
      aProduct({
        options: [{ title: "Size", values: ["S", "M", "L"] }],
        variants: [{ sku: "S", options: { Size: "S" } }],
        images: [{ url: "/front.png" }, { url: "/back.png" }],
      }),
    )
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("are put behind those that there are", async () => {
    const medium = await variants.create(shirt.id, { sku: "M", weight: 0.25, options: { Size: "M" } })

    expect(medium).toMatchObject({
      productId: shirt.id,
      title: "M",
      variantRank: 1,
      weight: "0.25",
      manageInventory: true,
      allowBackorder: false,
      options: [{ value: "M", option: { title: "Size" } }],
    })
    expect(await variants.findBySku("M")).toEqual(medium)
    expect((await alone.products.get(shirt.id)).variants.map(({ id }) => id)).toEqual([
      shirt.variants[0]?.id,
      medium.id,
    ])
  })

  it("change what is named, and keep their choice unless it is", async () => {
    const id = shirt.variants[0]!.id

    const renamed = await variants.update(id, { title: "Small", ean: "123" })
    const larger = await variants.update(id, { options: { Size: "L" } })

    expect(renamed).toMatchObject({ title: "Small", ean: "123", sku: "S", options: [{ value: "S" }] })
    expect(larger).toMatchObject({ title: "Small", ean: "123", sku: "S", options: [{ value: "L" }] })
  })

  it.each([
    ["a choice that another is", { options: { Size: "S" } }, ChoiceTaken],
    ["no choice", {}, OptionValueMissing],
    ["the SKU of another", { sku: "S", options: { Size: "M" } }, SkuTaken],
    ["the EAN of another", { ean: "1", options: { Size: "M" } }, EanTaken],
    ["the UPC of another", { upc: "1", options: { Size: "M" } }, UpcTaken],
  ] as const)("refuses %s", async (_, input, error) => {
    await alone.products.create(aProduct({ variants: [aVariant({ ean: "1", upc: "1" })] }))

    await expect(variants.create(shirt.id, input)).rejects.toThrow(error)
  })

  it("lets one of many be the same choice", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => variants.create(shirt.id, { options: { Size: "M" } })),
    )

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toEqual(Array.from({ length: 7 }, () => new ChoiceTaken(shirt.id)))
  })

  it("free what is unique about them when they are deleted", async () => {
    const id = shirt.variants[0]!.id

    await variants.delete(id)
    await variants.create(shirt.id, { sku: "S", options: { Size: "S" } })

    await expect(variants.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(variants.delete(id)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(variants.update(id, {})).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("change in as many statements for a hundred as for one", async () => {
    const made = await alone.products.createMany(
      Array.from({ length: 100 }, () => aProduct({ variants: [aVariant()] })),
    )
    const patch = ({ variants: [variant] }: ProductView) => ({ id: variant!.id, title: "New" })

    const one = await statementsOf(alone.database, () => variants.updateMany([patch(made[0]!)]))
    const all = await statementsOf(alone.database, () => variants.updateMany(made.map(patch)))

    expect(all.map(withoutCount)).toEqual(one.map(withoutCount))
    const { rows } = await variants.list({ filter: { title: "New" }, limit: 200 })
    expect(rows).toHaveLength(100)
  })

  it("are shown by images of their product", async () => {
    const variantId = shirt.variants[0]!.id
    const [front, back] = shirt.images.map(({ id }) => id) as [string, string]

    await variants.assignImages({ add: [front, back, front].map((imageId) => ({ variantId, imageId })) })
    await variants.assignImages({ remove: [{ variantId, imageId: front }] })

    const { rows } = await alone.query.listAny("product_image", {
      fields: { url: true, variants: { id: true } },
      filter: { product_id: shirt.id },
    })
    expect((await variants.get(variantId)).images.map(({ id }) => id)).toEqual([back])
    expect(rows).toEqual([
      { url: "/front.png", variants: [] },
      { url: "/back.png", variants: [{ id: variantId }] },
    ])
  })

  it("are not shown by images of another", async () => {
    const other = await alone.products.create(aProduct({ images: [{ url: "/other.png" }] }))
    const pair = { variantId: shirt.variants[0]!.id, imageId: other.images[0]!.id }

    await expect(variants.assignImages({ add: [pair] })).rejects.toThrow(ImageOfAnotherProduct)
  })
})
