import { ApiKeyService } from "@marquetry/api-key"
import { statementsOf } from "@marquetry/kernel/testing"
import { CategoryService } from "@marquetry/product"
import { StoreService } from "@marquetry/store"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { names, openShop, rows, sorted, type Json, type Shop } from "./shop.ts"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.drop())

const get = async (url: string, token?: string) => (await shop.get(url, token)).body
const first = async (url: string, key = "products") => rows(await get(url), key)[0] as Json

describe("a publishable key", () => {
  it.each([
    ["missing", undefined, "store.publishable_key_missing", "x-publishable-api-key"],
    ["empty", "", "store.publishable_key_missing", "x-publishable-api-key"],
    ["unknown", `pk_${"a".repeat(64)}`, "store.publishable_key_invalid", "valid publishable key"],
    ["no token at all", "'; drop table api_key; --", "store.publishable_key_invalid", "valid publishable key"],
  ])("that is %s opens nothing", async (_, token, code, message) => {
    for (const path of ["products", "regions", "currencies", "product-categories", "collections/x", "product-types"]) {
      const answer = await shop.raw(
        "GET",
        `/store/${path}`,
        token === undefined ? {} : { "x-publishable-api-key": token },
      )

      expect(answer).toMatchObject({ status: 400, body: { type: "not_allowed", code } })
      expect(answer.body["message"]).toContain(message)
    }
  })

  it("opens nothing once it is revoked, nor does a secret one", async () => {
    const keys = shop.container.resolve(ApiKeyService)
    const revoked = await keys.create({ type: "publishable", title: "Old" })
    const before = await shop.get("/store/regions", revoked.token)
    await keys.revoke(revoked.id)
    const secret = await keys.create({ type: "secret", title: "Secret" })

    const answers = [await shop.get("/store/regions", revoked.token), await shop.get("/store/regions", secret.token)]

    expect(before.status).toBe(200)
    expect(answers.map(({ status }) => status)).toEqual([400, 400])
  })

  it("that sells in no channel shows no product", async () => {
    const { token } = await shop.container.resolve(ApiKeyService).create({ type: "publishable", title: "Empty" })

    expect(await get("/store/products", token)).toMatchObject({ products: [], count: 0 })
    expect(await get("/store/product-tags", token)).toMatchObject({ product_tags: [{ products: [] }] })
    expect((await shop.get(`/store/products/${shop.shirt.id}`, token)).status).toBe(404)
  })
})

describe("what a shopper may not see", () => {
  it("is no product that is a draft, or sold elsewhere, or in a channel that is closed", async () => {
    const { products, count } = await get("/store/products")
    const alone = await Promise.all(
      [shop.draft, shop.foreign, shop.unsold].map(({ id }) => shop.get(`/store/products/${id}`)),
    )

    expect([sorted(names({ products }, "products")), count]).toEqual([["Lamp", "Shirt"], 2])
    expect(alone.map(({ status, body }) => [status, body["type"]])).toEqual([
      [404, "not_found"],
      [404, "not_found"],
      [404, "not_found"],
    ])
    expect(alone[0]?.body["message"]).toBe(`Product with id: ${shop.draft.id} was not found`)
  })

  it.each([
    ["collections", "collections", "fields=*products"],
    ["product-tags", "product_tags", ""],
    ["product-types", "product_types", ""],
    ["product-categories", "product_categories", "handle=shirts&fields=*products"],
    ["product-options", "product_options", "title=Size&fields=*products"],
  ])("comes by no way round, such as /store/%s", async (path, key, query) => {
    const row = await first(`/store/${path}?${query}`, key)

    expect(names(row, "products")).toEqual(["Shirt"])
    const alone = await get(`/store/${path}/${String(row["id"])}?fields=*products`)
    expect(names(Object.values(alone)[0] as Json, "products")).toEqual(["Shirt"])
  })

  it("is no variant and no option of such a product", async () => {
    const variants = await get("/store/product-variants?fields=sku")
    const hidden = await Promise.all(
      [shop.draft, shop.foreign].map(({ variants: [variant] }) => shop.get(`/store/product-variants/${variant?.id}`)),
    )
    const options = await get("/store/product-options")

    expect(sorted(names(variants, "variants", "sku"))).toEqual(["LAMP", "M-R", "S-B"])
    expect(hidden.map(({ status }) => status)).toEqual([404, 404])
    expect(sorted(names(options, "product_options"))).toEqual(["Colour", "Engraving", "Size"])
  })

  it("is no category that is inactive or internal, as parent, child, of a product, or alone", async () => {
    const listed = await get("/store/product-categories")
    const alone = await Promise.all(
      [shop.inactive, shop.internal].map(({ id }) => shop.get(`/store/product-categories/${id}`)),
    )
    const { product } = await get(`/store/products/${shop.shirt.id}?fields=*categories`)
    const clothing = await first("/store/product-categories?handle=clothing", "product_categories")

    expect(sorted(names(listed, "product_categories", "name"))).toEqual(["Clothing", "Formal", "Shirts"])
    expect(alone.map(({ status }) => status)).toEqual([404, 404])
    expect(names(product as Json, "categories", "name")).toEqual(["Shirts"])
    expect(names(clothing, "category_children", "name")).toEqual(["Shirts"])
  })

  it("is not to be found out by a filter either", async () => {
    const guesses = [
      "collection_id=" + shop.collection.id + "&title=Draft",
      "q=draft",
      "variants[sku]=DRAFT",
      `category_id=${shop.inactive.id}`,
      "category_id[]=" + shop.internal.id,
      `id=${shop.foreign.id}`,
    ]
    const found = await Promise.all(guesses.map((query) => get(`/store/products?${query}`)))
    const tags = await get("/store/product-tags?$and[0][value]=cotton")

    expect(found.map(({ count }) => count)).toEqual(guesses.map(() => 0))
    expect(tags).toMatchObject({ count: 1 })
  })

  it.each([
    "sales_channels",
    "variants.price_set",
    "variants.price_set.prices",
    "option_uses",
    "salesChannels",
    "optionUses",
  ])("is not selected by fields=%s, nor filtered by", async (field) => {
    const plain = await get("/store/products?fields=id")

    expect(await get(`/store/products?fields=id,*${field}`)).toMatchObject({ count: plain["count"] })
    expect((await shop.get(`/store/products?fields=id,*${field}`)).text).not.toMatch(
      /sales_channel|price_set|option_use|amount/,
    )
    const [head, ...rest] = field.split(".")
    const filter = [head, ...rest.map((step) => `[${step}]`)].join("")
    for (const query of [`${filter}[id]=x`, `variants[priceSet][id]=x`, `variants[product][salesChannels][id]=x`]) {
      expect(await shop.get(`/store/products?${query}`)).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    }
  })

  it("confines a request to a channel of the key, and to no other", async () => {
    const own = await get(`/store/products?sales_channel_id=${shop.web}`)
    const foreign = await shop.get(`/store/products?sales_channel_id[]=${shop.wholesale}`)

    expect(own["count"]).toBe(2)
    expect(foreign).toMatchObject({ status: 400, body: { type: "invalid_data" } })
  })
})

describe("lists", () => {
  it.each([
    [() => `handle=shirt`, ["Shirt"]],
    [() => `handle=nothing`, []],
    [() => `id=${shop.shirt.id}`, ["Shirt"]],
    [() => `id[]=${shop.shirt.id}&id[]=${shop.lamp.id}`, ["Lamp", "Shirt"]],
    [() => `id[0]=${shop.shirt.id}&id[1]=prod_x`, ["Shirt"]],
    [() => `id[]=${shop.shirt.id},${shop.lamp.id}`, ["Lamp", "Shirt"]],
    [() => `collection_id[]=${shop.collection.id}`, ["Shirt"]],
    [() => `collection_id=null`, ["Lamp"]],
    [() => `category_id=${shop.shirts.id}`, ["Shirt"]],
    [() => `category_id[]=${shop.clothing.id}`, []],
    [() => `tag_id=${shop.tag.id}`, ["Shirt"]],
    [() => `type_id[0]=${shop.type.id}`, ["Shirt"]],
    [() => `option_id=${shop.shirt.options[0]?.id}`, ["Shirt"]],
    [() => `option_value_id=${shop.shirt.options[0]?.values[0]?.id}`, ["Shirt"]],
    [() => `variants[sku]=LAMP`, ["Lamp"]],
    [() => `variants.sku=S-B`, ["Shirt"]],
    [() => `variants[options][value]=Blue`, ["Shirt"]],
    [() => `external_id=erp-1`, ["Shirt"]],
    [() => `is_giftcard=false`, ["Lamp", "Shirt"]],
    [() => `is_giftcard=true`, []],
    [() => `q=oxf`, ["Shirt"]],
    [() => `q=S-B`, ["Shirt"]],
    [() => `q=LAMP`, ["Lamp"]],
    [() => `q=shirt%20nonsense`, []],
    [() => `created_at[$gt]=2020-01-01T00:00:00Z&created_at[$lt]=2999-01-01`, ["Lamp", "Shirt"]],
    [() => `created_at[$lt]=2020-01-01`, []],
    [() => `created_at[$ne]=null`, ["Lamp", "Shirt"]],
    [() => `deleted_at[$eq]=null`, ["Lamp", "Shirt"]],
    [() => `$or[0][title]=Lamp&$or[1][handle]=shirt`, ["Lamp", "Shirt"]],
    [() => `$and[0][title]=Lamp&$and[1][handle]=shirt`, []],
    [() => `title=Lamp&$or[0][handle]=lamp&$or[1][$and][0][handle]=shirt`, ["Lamp"]],
    [() => `title='%20or%20'1'='1`, []],
  ])("filter by query %#", async (query, titles) => {
    const answer = await shop.get(`/store/products?${query()}`)

    expect(answer.status).toBe(200)
    expect(sorted(names(answer.body, "products"))).toEqual(titles)
    expect(answer.body["count"]).toBe(titles.length)
  })

  it.each([
    ["order=title", ["Lamp", "Shirt"]],
    ["order=-title", ["Shirt", "Lamp"]],
    ["order=-created_at,title", ["Lamp", "Shirt"]],
    ["order=title&limit=1", ["Lamp"]],
    ["order=title&limit=1&offset=1", ["Shirt"]],
    ["order=title&offset=5", []],
    ["limit=0", []],
  ])("page and order by %s, and count all", async (query, titles) => {
    const body = await get(`/store/products?${query}`)

    expect(names(body, "products")).toEqual(titles)
    expect(body["count"]).toBe(2)
  })

  it("filter variants by their SKU, product and stock keeping", async () => {
    const bySku = await get("/store/product-variants?sku[]=LAMP,S-B")
    const byProduct = await get(`/store/product-variants?product_id=${shop.shirt.id}&manage_inventory=true`)
    const byOption = await get(`/store/product-variants?options[value]=Red`)

    expect([bySku["count"], byProduct["count"], byOption["count"]]).toEqual([2, 2, 1])
  })

  it("show roots of the category tree by the word null, and trees both ways", async () => {
    const roots = await get("/store/product-categories?parent_category_id=null&include_descendants_tree=true")
    const up = await get(`/store/product-categories/${shop.formal.id}?include_ancestors_tree=true`)

    expect(rows(roots, "product_categories")).toMatchObject([
      {
        name: "Clothing",
        category_children: [{ name: "Shirts", category_children: [{ name: "Formal", category_children: [] }] }],
      },
    ])
    expect(up).toMatchObject({
      product_category: {
        parent_category: { name: "Shirts", parent_category: { name: "Clothing", parent_category: null } },
      },
    })
  })

  it("nest the descendants of hundreds of categories", async () => {
    const categories = shop.container.resolve(CategoryService)
    const many = await categories.create({ name: "Many", isActive: true })
    await Promise.all(
      Array.from({ length: 250 }, (_, index) =>
        categories.create({ name: `No ${index}`, isActive: true, parentCategoryId: many.id }),
      ),
    )

    const answer = await shop.get("/store/product-categories?limit=300&include_descendants_tree=true")

    expect(answer.status).toBe(200)
    const found = rows(answer.body, "product_categories").find(({ name }) => name === "Many") as Json
    expect(found["category_children"]).toHaveLength(250)
    await categories.delete(many.id).catch(() => {})
  })
})

describe("prices", () => {
  const priced = "fields=*variants.calculated_price"
  const prices = (product: Json) => rows(product, "variants").map((variant) => variant["calculated_price"])

  it("are those of the region, on sale where a list says so", async () => {
    const shirt = await first(`/store/products?title=Shirt&region_id=${shop.europe}&${priced}`)

    expect(prices(shirt)).toMatchObject([
      {
        calculated_amount: 15,
        original_amount: 20,
        currency_code: "eur",
        is_calculated_price_price_list: true,
        is_original_price_price_list: false,
        is_calculated_price_tax_inclusive: false,
        calculated_price: { price_list_type: "sale" },
        original_price: { price_list_id: null, price_list_type: null, min_quantity: null, max_quantity: null },
      },
      { calculated_amount: 20, original_amount: 20, calculated_price: { price_list_type: null } },
    ])
  })

  it("are null where the region's currency has none", async () => {
    expect(prices(await first(`/store/products?title=Shirt&region_id=${shop.japan}&${priced}`))).toEqual([null, null])
  })

  it("are refused where nothing says the region, and follow the store's default once there is one", async () => {
    const without = await shop.get(`/store/products?${priced}`)
    const stores = shop.container.resolve(StoreService)
    await stores.update(shop.storeId, { defaultRegionId: shop.europe })
    const byDefault = await first(`/store/products?title=Lamp&${priced}`)
    await stores.update(shop.storeId, { defaultRegionId: null })

    expect(without).toMatchObject({ status: 400, body: { type: "invalid_data", code: "pricing.region_required" } })
    expect(prices(byDefault)).toMatchObject([{ calculated_amount: 20, currency_code: "eur" }])
  })

  it("are refused for a region that there is not", async () => {
    const unknown = await shop.get(`/store/products?region_id=reg_x&${priced}`)

    expect(unknown).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect(unknown.body["message"]).toContain("reg_x")
  })

  it("come with a variant, and with products nested elsewhere", async () => {
    const { variant } = await get(
      `/store/product-variants/${shop.lamp.variants[0]?.id}?region_id=${shop.europe}&fields=+calculated_price`,
    )

    expect((variant as Json)["calculated_price"]).toMatchObject({ calculated_amount: 20 })
  })
})

describe("statements", () => {
  it.each([
    [
      "list of products with prices, options and images",
      () => `products?limit=50&region_id=${shop.europe}&fields=*variants.calculated_price,*variants.images,*categories`,
      4,
    ],
    [
      "product with prices",
      () => `products/${shop.shirt.id}?region_id=${shop.europe}&fields=*variants.calculated_price`,
      5,
    ],
    [
      "list of categories with their products",
      () => "product-categories?limit=100&fields=*category_children,*products,*parent_category",
      2,
    ],
    ["list of regions", () => "regions", 2],
  ])("of a %s do not exceed the budget", async (_, path, budget) => {
    // The first request of a minute notes that the key was used.
    await get("/store/regions")
    const sent = await statementsOf(shop.composition.database, () => get(`/store/${path()}`))
    // The relay looks after the outbox meanwhile.
    expect(sent.filter((text) => !text.includes("outbox")).length).toBeLessThanOrEqual(budget)
  })
})
