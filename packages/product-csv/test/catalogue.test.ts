import { text } from "node:stream/consumers"
import { apiKeyModule } from "@marquetry/api-key"
import { catalogueLinks, productSalesChannel, productShippingProfile, variantPriceSet } from "@marquetry/flows"
import { fulfillmentModule, ShippingProfileService } from "@marquetry/fulfillment"
import { compose, Links, type Composition, type InjectionToken } from "@marquetry/kernel"
import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { PriceListService, PriceSetService, pricingModule } from "@marquetry/pricing"
import { CategoryService, CollectionService, ProductService, TypeService, productModule } from "@marquetry/product"
import { aCategory, aProduct, aShirt } from "@marquetry/product/testing"
import { RegionService, regionModule } from "@marquetry/region"
import { SalesChannelService, salesChannelModule } from "@marquetry/sales-channel"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  productImporter,
  readCatalogue,
  readProductCsv,
  writeMedusaCsv,
  writeShopifyCsv,
  type ImportOptions,
  type ProductDraft,
  type Reading,
} from "../src/index.ts"
import { csvOf, sourceOf } from "./csv.ts"
import { contentsOf, fileAt } from "./shop.ts"

describe("a catalogue", () => {
  let database: TestDatabase
  let shop: Composition

  beforeAll(async () => {
    database = await createTestDatabase()
    shop = await compose({
      database: database.url,
      modules: [salesChannelModule, apiKeyModule, productModule, pricingModule, regionModule, fulfillmentModule()],
      links: [...catalogueLinks, productShippingProfile],
      events: { relay: false },
    })
    await shop.migrate()
  })
  afterAll(async () => {
    await shop.close()
    await database.drop()
  })
  beforeEach(async () => {
    const tables = await shop.database.sql<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('product', 'pricing', 'link', 'sales_channel', 'marquetry')
         and tablename not in ('migrations', 'country')`,
    )
    await shop.database.run(`truncate ${tables.map(({ name }) => name).join(", ")}`)
    await shop.database.run(`delete from region.region`)
    await shop.database.run(`delete from fulfillment.shipping_profile`)
  })

  const service = <Service>(token: InjectionToken<Service>) => shop.container.resolve(token)
  const rows = (name: string) => shop.database.sql(`select * from ${name} order by 1`)
  const importFile = (file: string, options?: ImportOptions) =>
    productImporter(shop.container).run(readProductCsv(sourceOf(file)), options)
  const medusaFile = () => text(writeMedusaCsv(() => readCatalogue(shop.container, { pageSize: 2 })))
  const shopifyFile = () =>
    text(writeShopifyCsv(readCatalogue(shop.container, { currencyCode: "eur" }), { currencyCode: "eur" }))
  const euros = { prices: [{ currencyCode: "eur" }] }

  /** Prices of the variants of a product, in order. */
  async function price(product: { variants: readonly { id: string }[] }, prices: readonly object[][]) {
    const ids = await service(PriceSetService).createMany(prices.map((own) => ({ prices: own as never })))
    await shop.container.resolve(Links).add(
      variantPriceSet,
      product.variants.map(({ id }, index) => [id, ids[index] as string] as const),
    )
    return ids
  }

  /** A shop in which everything has been made by hand that a file can tell, and some that it cannot. */
  async function furnish() {
    const channels = await service(SalesChannelService).createMany([{ name: "Web" }, { name: "Shop" }])
    const region = await service(RegionService).create({ name: "North Sea", currencyCode: "eur", countries: [] })
    const profile = await service(ShippingProfileService).create({ name: "Parcels", type: "default" })
    const category = await service(CategoryService).create(aCategory())
    const collection = await service(CollectionService).create({ title: "Summer" })
    const [type] = await service(TypeService).upsertMany(["Shirts"])
    const shirt = await service(ProductService).create(
      aShirt({
        subtitle: "Cool",
        description: "Washed\nonce",
        status: "proposed",
        discountable: false,
        weight: "400.50",
        originCountry: "be",
        material: "=linen",
        externalId: "erp-1",
        collectionId: collection.id,
        typeId: type?.id as string,
        categoryIds: [category.id],
        metadata: { care: { wash: 30 }, vendor: "Oxbow" },
      }),
    )
    await service(ProductService).createMany([
      aProduct({ title: "Lamp", handle: "lamp" }),
      aProduct({ handle: "bare", status: "draft" }),
    ])
    await service(ProductService).update(shirt.id, {
      variants: shirt.variants.map(({ id }) => ({ id, weight: "210", ean: null })),
    })
    const [set] = await price(shirt, [
      [
        { currencyCode: "eur", amount: "49.90" },
        { currencyCode: "eur", amount: "45", rules: [{ attribute: "region_id", value: region.id }] },
        { currencyCode: "eur", amount: "40", minQuantity: "10" },
        {
          currencyCode: "usd",
          amount: "50",
          rules: [{ attribute: "customer.groups.id", operator: "in", value: ["vip"] }],
        },
      ],
      [{ currencyCode: "usd", amount: "60" }],
    ])
    const list = await service(PriceListService).create({
      title: "Winter",
      description: "",
      type: "sale",
      status: "active",
    })
    await service(PriceListService).addPrices(list.id, [
      { priceSetId: set as string, currencyCode: "eur", amount: "30" },
    ])
    const links = shop.container.resolve(Links)
    await links.add(
      productSalesChannel,
      channels.map(({ id }) => [shirt.id, id] as const),
    )
    await links.add(productShippingProfile, [[shirt.id, profile.id]])
    return { shirt, region, channels, profile }
  }

  it.each([
    ["Medusa", medusaFile, {}],
    ["Shopify", shopifyFile, euros],
  ])("that is written in the format of %s and read again changes nothing", async (_, write, options) => {
    await furnish()
    const before = await contentsOf(shop)

    const file = await write()
    const summary = await importFile(file, options)

    expect(summary).toMatchObject({ created: 0, updated: 0, refusals: [] })
    expect(summary.unchanged).toBeGreaterThanOrEqual(1)
    expect(await contentsOf(shop)).toBe(before)
  })

  it.each([
    ["../shared/data/shopify-apparel.csv", 20],
    ["../shared/data/shopify-home-and-garden.csv", 20],
    ["../shared/data/shopify-jewelery.csv", 20],
    ["apps/backend/demo/catalogue.csv", 79],
  ])("of %s is the same after an export in either format", async (path, count) => {
    const file = fileAt(path)
    if (file === undefined) return
    await importFile(file, euros)
    const before = await contentsOf(shop)

    const medusa = await importFile(await medusaFile())
    const shopify = await importFile(await shopifyFile(), euros)

    const unchanged = { created: 0, updated: 0, unchanged: count, variants: 0, refusals: [] }
    expect([medusa, shopify]).toEqual([unchanged, unchanged])
    expect(await contentsOf(shop)).toBe(before)
  })

  it("is made anew from its file in Medusa's format, but for ids", async () => {
    const { shirt } = await furnish()
    const before = await drafts()
    const file = await medusaFile()
    await service(ProductService).deleteMany(before.map(({ id }) => id as string))

    const summary = await importFile(file)

    expect(summary).toMatchObject({ created: 3, updated: 0, refusals: [] })
    const after = await drafts()
    expect(after.map(withoutIds)).toEqual(before.map(withoutIds))
    expect(after.map(({ id }) => id)).not.toContain(shirt.id)
  })

  const drafts = async () => {
    const list: ProductDraft[] = []
    for await (const draft of readCatalogue(shop.container)) list.push(draft)
    return list.toSorted((a, b) => ((a.handle ?? "") < (b.handle ?? "") ? -1 : 1))
  }
  const withoutIds = (draft: ProductDraft) => ({
    ...draft,
    id: "",
    variants: draft.variants.map((variant) => ({ ...variant, id: "" })),
  })

  it("is changed by ids: a handle, a choice, a price of a region, where it is sold and how it is sent", async () => {
    const { shirt, channels } = await furnish()
    const other = await service(ShippingProfileService).create({ name: "Letters", type: "default" })
    const [small, medium] = shirt.variants as unknown as [{ id: string }, { id: string }]

    const summary = await importFile(
      csvOf(
        [
          {
            "Product Id": shirt.id,
            "Product Handle": "oxford",
            "Product Sales Channel 1": channels[1]?.id as string,
            "Shipping Profile Id": other.id,
            "Variant Id": small.id,
            "Variant Price North Sea [EUR]": "44",
            "Variant Option 1 Name": "Size",
            "Variant Option 1 Value": "XS",
            "Variant Option 2 Name": "Color",
            "Variant Option 2 Value": "Blue",
          },
          {
            "Product Id": shirt.id,
            "Variant Id": medium.id,
            "Variant Option 1 Name": "Size",
            "Variant Option 1 Value": "M",
            "Variant Option 2 Name": "Color",
            "Variant Option 2 Value": "Red",
          },
        ],
        {
          names: [
            "Product Id",
            "Product Handle",
            "Product Sales Channel 1",
            "Shipping Profile Id",
            "Variant Id",
            "Variant Price North Sea [EUR]",
            "Variant Option 1 Name",
            "Variant Option 1 Value",
            "Variant Option 2 Name",
            "Variant Option 2 Value",
          ],
        },
      ),
    )

    expect(summary).toMatchObject({ created: 0, updated: 1, refusals: [] })
    const after = (await drafts()).find(({ id }) => id === shirt.id)
    expect(after).toMatchObject({
      handle: "oxford",
      title: "Shirt",
      subtitle: "Cool",
      tags: [],
      salesChannelIds: [channels[1]?.id],
      shippingProfileId: other.id,
      variants: [
        { id: small.id, options: ["XS", "Blue"], sku: "S-B" },
        { id: medium.id, options: ["M", "Red"] },
      ],
    })
    expect(after?.variants[0]?.prices).toEqual(
      expect.arrayContaining([
        { currencyCode: "eur", amount: "49.9" },
        { currencyCode: "eur", region: "North Sea", amount: "44" },
      ]),
    )
    expect(await rows("pricing.price")).toHaveLength(6)
  })

  const medusa = (...cells: Readonly<Record<string, string>>[]) =>
    csvOf(cells, { names: [...new Set(cells.flatMap((row) => Object.keys(row)))] })

  it("refuses what a file names and the shop has not, and takes the products without it", async () => {
    await furnish()

    const { refusals, created } = await importFile(
      medusa({
        "Product Handle": "vase",
        "Product Title": "Vase",
        "Product Collection Id": "pcol_none",
        "Product Type Id": "ptyp_none",
        "Product Tag 1": "ptag_none",
        "Product Tag 2": "glass",
        "Product Category 1": "pcat_none",
        "Product Sales Channel 1": "sc_none",
        "Shipping Profile Id": "sp_none",
        "Variant Price EUR": "10",
        "Variant Price Atlantis [EUR]": "9",
      }),
    )

    expect(created).toBe(1)
    expect(refusals.map(({ line, code }) => [line, code])).toEqual(
      Array.from({ length: 7 }, () => [2, "import.reference_unknown"]),
    )
    expect(refusals.map(({ reason }) => reason.split(":")[0])).toEqual([
      "Product Collection Id",
      "Product Type Id",
      "Shipping Profile Id",
      "Product Category",
      "Product Sales Channel",
      "Product Tag",
      "Variant Price",
    ])
    const vase = (await drafts()).find(({ handle }) => handle === "vase")
    expect(vase).toMatchObject({ tags: ["glass"], salesChannelIds: [], variants: [{ prices: [{ amount: "10" }] }] })
    expect(vase).not.toHaveProperty("collectionId")
  })

  it("refuses rows of products that it cannot find or make, or that came before", async () => {
    const { shirt } = await furnish()

    const { refusals, updated } = await importFile(
      medusa(
        { "Product Id": "prod_none", "Product Handle": "", "Product Title": "Ghost" },
        { "Product Id": "", "Product Handle": "new", "Product Title": "" },
        { "Product Id": shirt.id, "Product Handle": "", "Product Title": "Oxford" },
        { "Product Id": "", "Product Handle": shirt.handle, "Product Title": "Shirt again" },
      ),
    )

    expect(updated).toBe(1)
    expect(refusals.map(({ line, code }) => [line, code])).toEqual([
      [2, "import.product_unknown"],
      [3, "import.title_missing"],
      [5, "import.handle_repeated"],
    ])
  })

  it("keeps variants whose rows could not be read, and those of products that a file says nothing more of", async () => {
    const { shirt } = await furnish()
    const options = (size: string, color: string) => ({
      "Variant Option 1 Name": "Size",
      "Variant Option 1 Value": size,
      "Variant Option 2 Name": "Color",
      "Variant Option 2 Value": color,
    })

    await importFile(
      medusa(
        { "Product Handle": "shirt", "Product Title": "Oxford", ...options("S", "Blue") },
        { "Product Handle": "shirt", "Product Title": "Oxford", ...options("M", "") },
        { "Product Handle": "lamp", "Product Title": "Desk Lamp", ...options("", "") },
      ),
    )

    const after = await service(ProductService).get(shirt.id)
    expect(after.title).toBe("Oxford")
    expect(after.variants.map(({ id }) => id).toSorted()).toEqual(shirt.variants.map(({ id }) => id).toSorted())
    expect((await service(ProductService).findByHandle("lamp"))?.title).toBe("Desk Lamp")
  })

  it("says what it would make and change before it does, by the same rules, and writes nothing", async () => {
    const { shirt } = await furnish()
    const before = await contentsOf(shop)
    const importer = productImporter(shop.container)
    const preview = (file: string) => importer.preview(readProductCsv(sourceOf(file)))

    const found = await preview(
      medusa(
        { "Product Id": shirt.id, "Product Handle": "renamed", "Product Title": "Oxford", "Product Weight": "" },
        { "Product Id": "prod_none", "Product Handle": "lamp", "Product Title": "Lamp", "Product Weight": "heavy" },
        { "Product Id": "", "Product Handle": "vase", "Product Title": "Vase", "Product Weight": "" },
      ),
    )

    expect(found).toMatchObject({ toCreate: 1, toUpdate: 2, refusals: [{ line: 3, code: "import.value_invalid" }] })
    await expect(preview("Handle,Title,Variant Price\nlamp,Lamp,10\n")).rejects.toMatchObject({
      code: "import.currency_missing",
    })
    expect(await contentsOf(shop)).toBe(before)
  })

  it("takes nothing of a file whose amounts are of no currency", async () => {
    const file = csvOf([{ Handle: "lamp", Title: "Lamp", "Variant Price": "10" }], {
      names: ["Handle", "Title", "Variant Price"],
    })

    await expect(importFile(file)).rejects.toMatchObject({ code: "import.currency_missing", kind: "invalid" })

    expect(await rows("product.product")).toEqual([])
  })

  it("sells new products where the import says, unless their file says, and known ones where they were", async () => {
    const { channels } = await furnish()
    const [web, store] = channels.map(({ id }) => id) as [string, string]
    const options = { newProductChannelIds: [web] }
    const file = (handle: string, channel: string) =>
      medusa({ "Product Handle": handle, "Product Title": "Vase", "Product Sales Channel 1": channel })

    await importFile(
      medusa(
        { "Product Handle": "unsaid", "Product Title": "Vase" },
        { "Product Handle": "lamp", "Product Title": "Lamp" },
      ),
      options,
    )
    await importFile(file("said", store), options)

    const sold = new Map((await drafts()).map(({ handle, salesChannelIds }) => [handle, salesChannelIds]))
    expect([sold.get("unsaid"), sold.get("said"), sold.get("lamp")]).toEqual([[web], [store], []])
  })

  it("is read in pages of one statement each, whatever their size, and filtered as the query engine does", async () => {
    await service(ProductService).createMany(
      Array.from({ length: 9 }, (_, index) =>
        aProduct({ handle: `p-${index}`, status: index < 3 ? "draft" : "published" }),
      ),
    )
    const read = async (pageSize: number, filter = {}) => {
      const handles: (string | null)[] = []
      for await (const { handle } of readCatalogue(shop.container, { pageSize, filter })) handles.push(handle)
      return handles
    }

    const few = await statementsOf(shop.database, () => read(2))
    const many = await statementsOf(shop.database, () => read(100))

    expect([few.length, many.length]).toEqual([7, 3])
    expect(await read(2)).toEqual(await read(100))
    expect(await read(2, { status: "draft" })).toEqual(["p-0", "p-1", "p-2"])
  })

  it("stops to import, and to be read, when it is told to", async () => {
    await furnish()
    const file = await medusaFile()
    const signal = AbortSignal.abort(new Error("Closing"))
    const reading = readProductCsv(sourceOf(file)) satisfies AsyncIterable<Reading>

    await expect(productImporter(shop.container).run(reading, { signal })).rejects.toThrow("Closing")
    await expect(readCatalogue(shop.container, { signal }).next()).rejects.toThrow("Closing")
  })
})
