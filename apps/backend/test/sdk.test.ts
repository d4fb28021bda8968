import { FetchError } from "@medusajs/js-sdk"
import { CategoryService } from "@marquetry/product"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openDemo, type Demo, type Sdk } from "./demo.ts"

/** What the tests read of answers: the client's own types are in a package of their own. */
interface Row {
  readonly id: string
  readonly name: string
  readonly title: string
  readonly handle: string
  readonly thumbnail: string
  readonly iso_2: string
  readonly currency_code: string
  readonly calculated_price: unknown
  readonly countries: readonly Row[]
  readonly variants: readonly Row[]
  readonly images: readonly Row[]
  readonly category_children: readonly Row[]
}
interface Answer {
  readonly regions: readonly Row[]
  readonly region: Row
  readonly products: readonly Row[]
  readonly product: Row
  readonly collections: readonly Row[]
  readonly product_categories: readonly Row[]
  readonly product_category: Row
  readonly count: number
  readonly limit: number
}

describe("the official client against the demo shop", () => {
  let demo: Demo
  let sdk: Sdk
  let europe: Row

  beforeAll(async () => {
    demo = await openDemo()
    sdk = demo.client()
    const { regions }: Answer = await sdk.store.region.list({ currency_code: "eur" })
    europe = regions[0] as Row
  })
  afterAll(async () => {
    await demo.drop()
  })

  it("lists and retrieves regions, with the countries that the middleware reads", async () => {
    const { regions, count }: Answer = await sdk.store.region.list()
    const { region }: Answer = await sdk.store.region.retrieve(europe.id)

    expect([count, regions.map(({ currency_code }) => currency_code).toSorted()]).toEqual([2, ["eur", "usd"]])
    expect(region.countries.map(({ iso_2 }) => iso_2)).toContain("de")
  })

  it("lists products as the starter does, with prices, options and images", async () => {
    const { products, count }: Answer = await sdk.store.product.list({
      limit: 12,
      offset: 0,
      region_id: europe.id,
      fields: "*variants.calculated_price,+variants.inventory_quantity,*variants.images,+metadata,+tags,",
    })

    expect([products.length, count > 70]).toEqual([12, true])
    for (const product of products) {
      expect(product.handle).toMatch(/^[a-z0-9-]+$/)
      expect(product).toMatchObject({ images: expect.any(Array), tags: expect.any(Array), options: expect.any(Array) })
      for (const variant of product.variants) {
        expect(variant.calculated_price).toMatchObject({
          calculated_amount: expect.any(Number),
          original_amount: expect.any(Number),
          currency_code: "eur",
          is_calculated_price_tax_inclusive: true,
        })
      }
    }
  })

  it("finds a product by its handle, and reads it and its variant", async () => {
    const { products }: Answer = await sdk.store.product.list({
      handle: "oxford-shirt",
      region_id: europe.id,
      fields: "*variants.calculated_price,+variants.inventory_quantity,*variants.images,+metadata,+tags,",
    })
    const [shirt] = products
    const { product }: Answer = await sdk.store.product.retrieve(shirt?.id as string, { region_id: europe.id })
    const { variant } = await sdk.client.fetch<{ variant: { images: unknown[] } }>(
      `/store/product-variants/${shirt?.variants[0]?.id}`,
      { query: { fields: "*images" } },
    )

    expect(product.title).toBe("Oxford Shirt")
    expect(product.variants).toHaveLength(shirt?.variants.length as number)
    expect(variant.images).toHaveLength(1)
  })

  it("filters by arrays, operators and logic as the client writes them", async () => {
    const { products: two }: Answer = await sdk.store.product.list({ limit: 2, order: "title", fields: "id,title" })
    const ids = two.map(({ id }) => id)
    const byIds: Answer = await sdk.store.product.list({ id: ids })
    const byDate: Answer = await sdk.store.product.list({ created_at: { $gte: "2020-01-01" }, limit: 1 })
    const either: Answer = await sdk.store.product.list({ $or: [{ handle: "oxford-shirt" }, { id: ids }] })
    const found: Answer = await sdk.store.product.list({ q: "oxford" })

    expect(byIds.count).toBe(2)
    expect(byDate.count).toBeGreaterThan(70)
    expect(either.count).toBe(3)
    expect(found.products.map(({ handle }) => handle)).toContain("oxford-shirt")
  })

  it("pages through everything once", async () => {
    const { count } = (await sdk.store.product.list({ limit: 0 })) as Answer
    const pages = await Promise.all(
      Array.from({ length: Math.ceil(count / 20) }, async (_, page) => {
        const query = { limit: 20, offset: page * 20, order: "title", fields: "id" }
        const { products }: Answer = await sdk.store.product.list(query)
        return products.map(({ id }) => id)
      }),
    )

    expect(new Set(pages.flat()).size).toBe(count)
    expect(pages.flat()).toHaveLength(count)
  })

  it("lists collections and categories as the starter does", async () => {
    const categories = demo.backend.composition.container.resolve(CategoryService)
    const root = await categories.create({ name: "House", isActive: true })
    await categories.create({ name: "Kitchen", isActive: true, parentCategoryId: root.id })

    const { collections }: Answer = await sdk.store.collection.list({ limit: 100, offset: 0 })
    const byHandle: Answer = await sdk.store.collection.list({ handle: "nothing", fields: "*products" })
    const { product_categories: all }: Answer = await sdk.store.category.list({
      fields: "*category_children, *products, *parent_category, *parent_category.parent_category",
      limit: 100,
    })
    const { product_categories: kitchen }: Answer = await sdk.store.category.list({
      handle: "kitchen",
      fields: "*category_children, *products",
    })
    const { product_category: house }: Answer = await sdk.store.category.retrieve(root.id, {
      include_descendants_tree: true,
    })

    expect([collections, byHandle.collections]).toEqual([[], []])
    expect(all.map(({ name }) => name).toSorted()).toEqual(["House", "Kitchen"])
    expect(kitchen[0]).toMatchObject({ parent_category: { name: "House" }, products: [], category_children: [] })
    expect(house.category_children.map(({ name }) => name)).toEqual(["Kitchen"])
  })

  it("does without locales, as the starter tolerates", async () => {
    await expect(sdk.client.fetch("/store/locales")).rejects.toMatchObject({ status: 404 })
  })

  it("throws what the server says of a request that it refuses", async () => {
    const refusals = await Promise.all(
      [
        sdk.store.product.list({ limit: -1 }),
        sdk.store.product.retrieve("prod_x"),
        demo.client({}).store.region.list(),
      ].map((call) => (call as Promise<unknown>).catch((error: unknown) => error)),
    )

    expect(refusals.every((error) => error instanceof FetchError)).toBe(true)
    expect(refusals).toMatchObject([
      { status: 400, message: expect.stringContaining("'limit' too small") },
      { status: 404, message: "Product with id: prod_x was not found" },
      { status: 400, message: expect.stringContaining("x-publishable-api-key") },
    ])
  })

  it("serves the drawings of the catalogue", async () => {
    const { products }: Answer = await sdk.store.product.list({ handle: "oxford-shirt", fields: "thumbnail" })

    const drawing = await fetch(demo.address + String(products[0]?.thumbnail))

    expect([drawing.status, drawing.headers.get("content-type")]).toEqual([200, "image/svg+xml"])
  })
})
