import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { keysOf, openShop, rows, type Json, type Shop } from "./shop.ts"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.drop())

const get = async (url: string) => (await shop.get(url)).body
const first = async (url: string, key = "products") => rows(await get(url), key)[0] as Json

describe("fields", () => {
  const keys = async (fields: string) => keysOf(await first(`/store/products?title=Shirt&fields=${fields}`))
  const defaults = async () => keysOf(await first("/store/products?title=Shirt"))

  it.each([
    ["title,handle", ["handle", "id", "title"]],
    ["title,%20handle,", ["handle", "id", "title"]],
    ["title,,%20,variants.sku", ["id", "title", "variants"]],
    ["title,+handle", ["handle", "id", "title"]],
    ["id,nonsense,variants.nonsense.deeper,constructor,__proto__", ["id"]],
    ["isGiftcard,title", ["id", "title"]],
    ["id,*title", ["id", "title"]],
    ["id,variants.nonsense", ["id"]],
  ])("=%s replaces the defaults", async (fields, expected) => {
    expect(await keys(fields)).toEqual(expected)
  })

  it.each([
    ["%2Bmetadata", ["metadata"], []],
    ["+metadata", ["metadata"], []],
    ["%20metadata,%20status", ["metadata", "status"], []],
    ["*categories", ["categories"], []],
    ["categories.*", ["categories"], []],
    ["-variants,-tags", [], ["tags", "variants"]],
    ["+metadata,-title", ["metadata"], ["title"]],
    ["-id", [], []],
    ["*thumbnail", [], []],
    ["*nonsense,+nonsense,-nonsense", [], []],
    ["*variants.calculated_price,+variants.inventory_quantity,*variants.images,+metadata,+tags,", ["metadata"], []],
  ])("=%s changes the defaults", async (fields, more, less) => {
    const expected = [...(await defaults()), ...more].filter((key) => !(less as string[]).includes(key))
    const price = fields.includes("calculated_price") ? `&region_id=${shop.europe}` : ""

    expect(await keys(`${fields}${price}`)).toEqual(expected.toSorted())
  })

  it("takes single columns out of a relation that is there whole", async () => {
    const all = await first("/store/products?title=Shirt")
    const less = await first("/store/products?title=Shirt&fields=-variants.sku,-options.values,-images.metadata")

    const without = (row: unknown, key: string) => keysOf(row).filter((name) => name !== key)
    expect(keysOf(rows(less, "variants")[0])).toEqual(without(rows(all, "variants")[0], "sku"))
    expect(keysOf(rows(less, "options")[0])).toEqual(without(rows(all, "options")[0], "values"))
    expect(keysOf(rows(less, "images")[0])).toEqual(without(rows(all, "images")[0], "metadata"))
  })

  it("cannot reach what all objects have", async () => {
    await get("/store/products?fields=-__proto__.toString,-constructor.prototype,-__proto__")
    await get("/store/products?__proto__.limit=1")

    expect(typeof Object.prototype.toString).toBe("function")
    expect((await shop.get("/store/products?__proto__.limit=1")).status).toBe(400)
    expect((await shop.get("/store/products?__proto__[limit]=1")).body["limit"]).not.toBe(1)
  })

  it.each([
    ["*variants.images.variants.product", 200],
    ["*variants.images.variants.product.tags", 400],
    ["variants.images.variants.product.tags.value", 400],
  ])("=%s goes four relations deep", async (fields, status) => {
    const answer = await shop.get(`/store/products?fields=${fields}`)

    expect([answer.status, answer.body["code"]]).toEqual([status, status === 400 ? "request.invalid" : undefined])
  })

  it("nests parents as deep as storefronts ask", async () => {
    const query =
      "fields=*category_children,%20*products,%20*parent_category,%20*parent_category.parent_category&limit=100&handle=formal"

    expect(await first(`/store/product-categories?${query}`, "product_categories")).toMatchObject({
      name: "Formal",
      parent_category: { name: "Shirts", parent_category: { name: "Clothing", parent_category_id: null } },
    })
  })
})
