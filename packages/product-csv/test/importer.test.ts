import { ProductService, productResource } from "@marquetry/product"
import { PriceCalculator, PriceSetService, priceListResource } from "@marquetry/pricing"
import { statementsOf } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { NotAShopifyExport } from "../src/index.ts"
import { aRow, csvOf, type Row } from "./csv.ts"
import { contentsOf, createShop, fileAt, type Shop } from "./shop.ts"

/** A product of two sizes, with two images, tags, a type, and one size on sale. */
const shirt = (overrides: Row = {}, medium: Row = {}): Row[] => [
  aRow({
    Handle: "shirt",
    Title: "Shirt",
    "Body (HTML)": "<p>Cotton</p>",
    Vendor: "Oxbow",
    Type: "Shirts",
    Tags: "cotton, menswear",
    "Option1 Name": "Size",
    "Option1 Value": "S",
    "Variant SKU": "SHIRT-S",
    "Variant Grams": "200",
    "Variant Price": "64.00",
    "Image Src": "https://cdn.test/front.png",
    "Image Position": "1",
    "Image Alt Text": "Front",
    "Variant Image": "https://cdn.test/front.png",
    ...overrides,
  }),
  {
    Handle: "shirt",
    "Option1 Value": "M",
    "Variant SKU": "SHIRT-M",
    "Variant Price": "49.90",
    "Variant Compare At Price": "64.00",
    "Image Src": "https://cdn.test/back.png",
    "Image Position": "2",
    "Variant Image": "https://cdn.test/back.png",
    ...medium,
  },
]

const lamp = (overrides: Row = {}) => aRow({ Handle: "lamp", "Variant SKU": "LAMP", ...overrides })

describe("an import", () => {
  let shop: Shop

  beforeAll(async () => {
    shop = await createShop()
  })
  afterAll(() => shop.drop())
  beforeEach(async () => {
    const tables = await shop.sql<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('product', 'pricing', 'link', 'marquetry') and tablename <> 'migrations'`,
    )
    await shop.sql(`truncate ${tables.map(({ name }) => name).join(", ")}`)
  })

  const products = () => shop.container.resolve(ProductService)
  const eventsOf = async () => {
    const rows = await shop.sql<{ name: string }>(`select name from marquetry.outbox order by name`)
    return rows.map(({ name }) => name)
  }
  const prices = async (handle: string) => {
    const { rows } = await shop.query.list(productResource, {
      fields: { variants: { sku: true, priceSet: { id: true } } },
      filter: { handle },
    })
    const variants = rows[0]?.variants as unknown as { sku: string; priceSet: { id: string } }[]
    const calculated = await shop.container.resolve(PriceCalculator).calculate(
      variants.map(({ priceSet }) => priceSet.id),
      { currencyCode: "eur" },
    )
    return Object.fromEntries(
      variants.map(({ sku }, index) => [
        sku,
        [
          calculated[index]?.calculatedAmount,
          calculated[index]?.originalAmount,
          calculated[index]?.calculatedPrice.priceListType,
        ],
      ]),
    )
  }

  it("makes products with everything that the file says of them", async () => {
    const summary = await shop.import(csvOf([...shirt(), lamp({ Published: "false", "Gift Card": "true" })]))

    const made = await products().findByHandle("shirt")
    const hidden = await products().findByHandle("lamp")
    expect(summary).toEqual({ created: 2, updated: 0, unchanged: 0, variants: 3, refusals: [] })
    expect(made).toMatchObject({
      title: "Shirt",
      description: "<p>Cotton</p>",
      status: "published",
      thumbnail: "https://cdn.test/front.png",
      metadata: { vendor: "Oxbow" },
      type: { value: "Shirts" },
      options: [{ title: "Size", values: [{ value: "S" }, { value: "M" }] }],
      images: [
        { url: "https://cdn.test/front.png", metadata: { alt: "Front" } },
        { url: "https://cdn.test/back.png", metadata: null },
      ],
      variants: [
        { title: "S", sku: "SHIRT-S", weight: "200", images: [{ url: "https://cdn.test/front.png" }] },
        { title: "M", sku: "SHIRT-M", weight: null, images: [{ url: "https://cdn.test/back.png" }] },
      ],
    })
    expect(made?.tags.map(({ value }) => value).toSorted()).toEqual(["cotton", "menswear"])
    expect(hidden).toMatchObject({ status: "draft", isGiftcard: true, options: [], variants: [{ title: "Lamp" }] })
    expect(await prices("shirt")).toEqual({
      "SHIRT-S": ["64", "64", null],
      "SHIRT-M": ["49.9", "64", "sale"],
    })
    const sold = await shop.sql(`select * from link.product_sales_channel`)
    expect(sold).toHaveLength(2)
  })

  it("prices in every currency asked for, rounded as that currency is", async () => {
    await shop.import(csvOf([lamp({ "Variant Price": "19.99" })]), {
      prices: [{ currencyCode: "EUR" }, { currencyCode: "usd", factor: "1.1" }, { currencyCode: "jpy", factor: 160 }],
    })

    const rows = await shop.sql(`select currency_code, amount::text from pricing.price order by 1`)
    expect(rows).toEqual([
      { currency_code: "eur", amount: "19.99" },
      { currency_code: "jpy", amount: "3198" },
      { currency_code: "usd", amount: "21.99" },
    ])
  })

  it("writes nothing at all the second time", async () => {
    const file = csvOf([...shirt(), lamp()])
    const rules = { prices: [{ currencyCode: "eur" }, { currencyCode: "usd", factor: "1.1" }] }
    await shop.import(file, rules)
    const before = await contentsOf(shop)
    const events = await eventsOf()

    const summary = await shop.import(file, rules)

    expect(summary).toEqual({ created: 0, updated: 0, unchanged: 2, variants: 0, refusals: [] })
    expect(await contentsOf(shop)).toBe(before)
    expect(await eventsOf()).toEqual(events)
  })

  it.each<[string, Row[], string[], (before: string[]) => void]>([
    ["a title", shirt({ Title: "Oxford Shirt" }), ["product.updated"], () => {}],
    ["a tag", shirt({ Tags: "cotton, linen" }), ["product.tag.created", "product.updated"], () => {}],
    ["an image", shirt({ "Image Src": "https://cdn.test/new.png" }), ["product.updated"], () => {}],
    ["a price", shirt({ "Variant Price": "65" }), ["price_set.updated"], () => {}],
    ["a sale", shirt({}, { "Variant Price": "39.90" }), ["price_list.updated"], () => {}],
  ])("changes %s and nothing else of the shop", async (_, changed) => {
    await shop.import(csvOf([...shirt(), lamp()]))
    const other = () =>
      shop.sql(`select p.*, v.* from product.product p
      join product.product_variant v on v.product_id = p.id where p.handle = 'lamp'`)
    const untouched = await other()
    const ids = (await products().findByHandle("shirt"))?.variants.map(({ id }) => id)

    const summary = await shop.import(csvOf([...changed, lamp()]))
    const again = await shop.import(csvOf([...changed, lamp()]))

    expect(summary).toMatchObject({ created: 0, updated: 1, unchanged: 1, refusals: [] })
    expect(again).toMatchObject({ created: 0, updated: 0, unchanged: 2, refusals: [] })
    expect((await products().findByHandle("shirt"))?.variants.map(({ id }) => id)).toEqual(ids)
    expect(await other()).toEqual(untouched)
  })

  it("rewrites no product for a price, and no price for a title", async () => {
    await shop.import(csvOf(shirt()))
    const product = () => shop.sql(`select * from product.product`)
    const rows = () => shop.sql(`select * from pricing.price order by id`)
    const [productBefore, pricesBefore] = [await product(), await rows()]

    await shop.import(csvOf(shirt({ "Variant Price": "65.00" })))
    const productAfterPrice = await product()
    const pricesAfterPrice = await rows()
    await shop.import(csvOf(shirt({ "Variant Price": "65.00", Title: "Oxford" })))

    expect(productAfterPrice).toEqual(productBefore)
    expect(
      pricesAfterPrice.filter((row, index) => JSON.stringify(row) !== JSON.stringify(pricesBefore[index])),
    ).toHaveLength(1)
    expect(await rows()).toEqual(pricesAfterPrice)
  })

  it("adds a size, takes one away, and ends a sale", async () => {
    await shop.import(csvOf(shirt()))
    const [, medium] = shirt({}, { "Variant Price": "64", "Variant Compare At Price": "" }) as [Row, Row]
    const large: Row = { Handle: "shirt", "Option1 Value": "L", "Variant SKU": "SHIRT-L", "Variant Price": "70" }
    const [first] = shirt() as [Row, Row]
    const withoutSmall = { ...first, ...medium, "Image Position": "1" }

    await shop.import(csvOf([withoutSmall, large]))

    expect(await prices("shirt")).toEqual({ "SHIRT-M": ["64", "64", null], "SHIRT-L": ["70", "70", null] })
  })

  it("leaves alone what others wrote: metadata, prices of other currencies, tiers and rules, other channels", async () => {
    await shop.import(csvOf(shirt()))
    const shirts = await products().findByHandle("shirt")
    await products().update(shirts?.id as string, { metadata: { vendor: "Oxbow", colour: "blue" } })
    const [set] = await shop.sql<{ price_set_id: string }>(`select price_set_id from link.product_variant_price_set
      where product_variant_id = '${shirts?.variants[0]?.id}'`)
    await shop.container.resolve(PriceSetService).addPrices(set?.price_set_id as string, [
      { currencyCode: "usd", amount: "70" },
      { currencyCode: "eur", amount: "50", minQuantity: "10" },
      {
        currencyCode: "eur",
        amount: "60",
        rules: [{ attribute: "customer.groups.id", operator: "in", value: ["vip"] }],
      },
    ])
    const byHand = () =>
      shop.sql(`select * from pricing.price where currency_code = 'usd' or min_quantity is not null
      or rules_count > 0 order by id`)
    const before = await byHand()

    const unchanged = await shop.import(csvOf(shirt()))
    await shop.import(csvOf(shirt({ Title: "Oxford", "Variant Price": "66" })))

    expect(unchanged).toMatchObject({ unchanged: 1, updated: 0 })
    expect(await byHand()).toEqual(before)
    expect((await products().findByHandle("shirt"))?.metadata).toEqual({ vendor: "Oxbow", colour: "blue" })
    expect(before).toHaveLength(3)
  })

  it("refuses a product whose SKU another has, whole, and takes the others of its batch", async () => {
    await shop.import(csvOf([lamp()]))
    const before = await shop.sql(`select count(*)::int as n from product.product_option_value`)

    const summary = await shop.import(
      csvOf([aRow({ Handle: "a" }), ...shirt({ "Variant SKU": "LAMP" }), aRow({ Handle: "b" }), aRow({ Handle: "c" })]),
    )

    expect(summary).toMatchObject({ created: 3, updated: 0 })
    expect(summary.refusals).toEqual([
      { line: 3, handle: "shirt", code: "import.refused_by_shop", reason: expect.stringContaining("LAMP") },
    ])
    expect(await products().findByHandle("shirt")).toBeNull()
    expect(await shop.sql(`select count(*)::int as n from product.product_option_value`)).toEqual(before)
    expect(await shop.sql(`select value from product.product_tag`)).toEqual([])
  })

  it("writes each batch in one transaction", async () => {
    const transactions = async (batchSize: number) => {
      await shop.import(csvOf(Array.from({ length: 6 }, (_, index) => aRow({ Handle: `p${batchSize}-${index}` }))), {
        batchSize,
      })
      const rows = await shop.sql<{ n: number }>(
        `select count(distinct xmin::text)::int as n from product.product where handle like 'p${batchSize}-%'`,
      )
      return rows[0]?.n
    }

    expect([await transactions(6), await transactions(2)]).toEqual([1, 3])
  })

  it("tells of its progress after each batch", async () => {
    const told: number[] = []

    await shop.import(csvOf(Array.from({ length: 5 }, (_, index) => aRow({ Handle: `p-${index}` }))), {
      batchSize: 2,
      onProgress: ({ created }) => told.push(created),
    })

    expect(told).toEqual([2, 4, 5])
  })

  it("takes nothing of a file that is none", async () => {
    await expect(shop.import("id,name\n1,Lamp\n")).rejects.toBeInstanceOf(NotAShopifyExport)
    await expect(shop.import(csvOf([lamp()]), { prices: [{ currencyCode: "xyz" }] })).rejects.toMatchObject({
      code: "input.invalid",
    })
    expect(await shop.sql(`select 1 from product.product`)).toEqual([])
  })

  it("writes 1,000 products of 5 variants with prices in 60 statements at most", async () => {
    const rows = Array.from({ length: 5_000 }, (_, index): Row => {
      const [product, size] = [Math.floor(index / 5), index % 5]
      const more: Row = {
        Handle: `p-${product}`,
        "Option1 Value": `${size}`,
        "Variant SKU": `P-${product}-${size}`,
        "Variant Price": "10",
        "Variant Compare At Price": product % 2 === 0 ? "12" : "",
        "Image Src": `/p-${product}-${size}.png`,
        "Variant Image": `/p-${product}-${size}.png`,
      }
      return size === 0
        ? aRow({ ...more, Title: `P ${product}`, Tags: `t${product % 9}`, Type: "T", "Option1 Name": "Size" })
        : more
    })

    const made = await statementsOf(shop.database, () => shop.import(csvOf(rows)))
    const again = await statementsOf(shop.database, () => shop.import(csvOf(rows)))

    const [counted] = await shop.sql(`select count(*)::int as variants from product.product_variant`)
    expect(counted).toEqual({ variants: 5_000 })
    expect(made.length).toBeLessThanOrEqual(60)
    expect(again.length).toBeLessThanOrEqual(4)
  }, 120_000)

  it("makes one list of sale prices, whoever makes it first", async () => {
    const file = (handle: string) => csvOf([aRow({ Handle: handle, "Variant Compare At Price": "20" })])

    await Promise.all(["a", "b", "c", "d"].map((handle) => shop.import(file(handle))))

    const { rows } = await shop.query.list(priceListResource, { fields: { id: true, prices: { id: true } } })
    expect(rows.map(({ prices: listed }) => listed.length)).toEqual([4])
  })

  const expected = {
    "../shared/data/shopify-apparel.csv": [20, 22],
    "../shared/data/shopify-home-and-garden.csv": [20, 21],
    "../shared/data/shopify-jewelery.csv": [20, 23],
    "apps/backend/demo/catalogue.csv": [79, 315],
  } as const
  it.for(Object.entries(expected))("takes %s completely", async ([path, [count, variants]], { skip }) => {
    const file = fileAt(path)
    if (file === undefined) return skip(`${path} is not beside this repository`)

    const summary = await shop.import(file)
    const again = await shop.import(file)

    expect(summary).toEqual({ created: count, updated: 0, unchanged: 0, variants, refusals: [] })
    expect(again).toEqual({ created: 0, updated: 0, unchanged: count, variants: 0, refusals: [] })
  })
})
