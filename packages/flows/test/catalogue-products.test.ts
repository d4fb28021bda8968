import { InventoryLevelService, ReservationService } from "@marquetry/inventory"
import { PriceListService } from "@marquetry/pricing"
import { CategoryService, TagService } from "@marquetry/product"
import { SalesChannelService } from "@marquetry/sales-channel"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ProductFlow, type CreateProductInput, type UpdateProductInput } from "../src/index.ts"
import { aShirt, Catalogue, sizes } from "./catalogue.ts"
import { openShop, type Shop } from "./shop.ts"

let shop: Shop
let flow: ProductFlow
let catalogue: Catalogue

beforeAll(async () => {
  shop = await openShop()
  flow = shop.resolve(ProductFlow)
  catalogue = new Catalogue(shop)
})
afterAll(() => shop.close())

let made = 0
const unique = () => `${++made}`

describe("a new product", () => {
  it("comes with its prices, channels, shipping profile, tags and categories", async () => {
    const [tag] = await shop.resolve(TagService).upsertMany(["cotton"])
    const category = await shop.resolve(CategoryService).create({ name: "Clothing" })
    const { channelId, profileId, regionId } = shop.filled
    const prices = [
      { currencyCode: "eur", amount: 10 },
      { currencyCode: "eur", amount: "8.5", minQuantity: 10 },
      { currencyCode: "eur", amount: 12, rules: { region_id: regionId } },
    ]

    const { id } = await flow.create(
      aShirt({
        tags: [{ id: tag!.id }],
        categories: [{ id: category.id }],
        salesChannels: [{ id: channelId }, { id: channelId }],
        shippingProfileId: profileId,
        images: [{ url: "https://cdn.test/shirt.png" }],
        variants: [
          { options: { Size: "M" }, variantRank: 1, prices },
          { options: { Size: "S" }, variantRank: 0 },
        ],
      }),
    )

    expect(await catalogue.get(id)).toMatchObject({
      tags: [{ value: "cotton" }],
      categories: [{ name: "Clothing" }],
      salesChannels: [{ id: channelId }],
      shippingProfile: { id: profileId },
      variants: [
        { title: "S", priceSet: { prices: [] } },
        { title: "M", priceSet: { prices: expect.anything() } },
      ],
    })
    expect(await catalogue.pricesOf(id)).toEqual(["M 10 eur", `M 12 eur region_id=${regionId}`, "M 8.5 eur from 10"])
  })

  it("is sold in the default channel of the store unless said", async () => {
    const [standard, nowhere] = await flow.createMany([aShirt(), aShirt({ salesChannels: [] })])

    expect((await catalogue.get(standard as string)).salesChannels).toEqual([{ id: shop.filled.channelId }])
    expect((await catalogue.get(nowhere as string)).salesChannels).toEqual([])
  })

  it("has an inventory item for each variant that is counted and made of nothing else", async () => {
    const board = await catalogue.items().create({ title: "Board" })
    const sku = `OWN-${unique()}`

    const { id } = await flow.create({
      title: "Shelf",
      options: [{ title: "Kind", values: ["own", "kit", "uncounted"] }],
      variants: [
        { options: { Kind: "own" }, sku, weight: 0.1 + 0.2, hsCode: "9403" },
        { options: { Kind: "kit" }, inventoryItems: [{ inventoryItemId: board.id, requiredQuantity: 2 }] },
        { options: { Kind: "uncounted" }, manageInventory: false },
      ],
    })

    const [own, kit, uncounted] = (await catalogue.get(id)).variants
    expect(own?.inventoryItems).toHaveLength(1)
    const item = await catalogue.items().get(own?.inventoryItems[0]?.inventoryId as string)
    expect(item).toMatchObject({ sku, title: "own", weight: "0.30000000000000004", hsCode: "9403" })
    expect(kit?.inventoryItems).toEqual([{ inventoryId: board.id, requiredQuantity: 2 }])
    expect(uncounted?.inventoryItems).toEqual([])
  })

  it.each([
    ["sales_channel", { salesChannels: [{ id: "sc_none" }, { id: "sc_no" }] }, ["sc_none", "sc_no"]],
    ["shipping_profile", { shippingProfileId: "sp_none" }, ["sp_none"]],
    ["inventory_item", { variants: [{ inventoryItems: [{ inventoryItemId: "iitem_none" }] }] }, ["iitem_none"]],
    [
      "region",
      { variants: [{ prices: [{ currencyCode: "eur", amount: 1, rules: { region_id: "reg_none" } }] }] },
      ["reg_none"],
    ],
  ] as [string, Partial<CreateProductInput>, string[]][])(
    "names no %s that there is not",
    async (resource, fault, ids) => {
      const before = await catalogue.counts()

      await expect(flow.createMany([aShirt(), { title: "Odd", ...fault }])).rejects.toMatchObject({
        code: "reference.unknown",
        details: { resource, ids },
      })

      expect(await catalogue.counts()).toEqual(before)
    },
  )

  it.each([
    ["an unknown tag", { tags: [{ id: "ptag_none" }] }, "product.reference_unknown"],
    [
      "a price twice",
      { variants: [{ prices: [1, 2].map((amount) => ({ currencyCode: "eur", amount })) }] },
      "pricing.price_taken",
    ],
    [
      "an upside-down tier",
      { variants: [{ prices: [{ currencyCode: "eur", amount: 1, minQuantity: 3, maxQuantity: 2 }] }] },
      "input.invalid",
    ],
    ["a field that there is not", { colour: "red" }, "input.invalid"],
    ["the SKU of an item that is there", { variants: [{ sku: "LOOSE" }] }, "inventory.sku_taken"],
  ] as [string, Partial<CreateProductInput>, string][])("is refused as a whole with %s", async (_, fault, code) => {
    if (code === "inventory.sku_taken") await catalogue.items().create({ sku: "LOOSE" })
    const before = await catalogue.counts()

    await expect(flow.createMany([aShirt(), { title: "Odd", ...fault }])).rejects.toMatchObject({ code })

    expect(await catalogue.counts()).toEqual(before)
  })
})

describe("a change of a product", () => {
  it("replaces the prices that are in no price list, and keeps the ids of those that stay", async () => {
    const { id } = await flow.create(aShirt())
    const [small, medium] = (await catalogue.get(id)).variants
    await shop.resolve(PriceListService).create({
      title: "Sale",
      prices: [{ priceSetId: small?.priceSet?.id as string, currencyCode: "eur", amount: 7 }],
    })

    await flow.update(id, {
      variants: [
        {
          id: small!.id,
          prices: [
            { currencyCode: "eur", amount: 9 },
            { currencyCode: "gbp", amount: 8 },
          ],
        },
        { id: medium!.id, title: "Middle" },
      ],
    })

    expect(await catalogue.pricesOf(id)).toEqual([
      "Middle 10 eur",
      "Middle 11 usd",
      "S 7 eur listed",
      "S 8 gbp",
      "S 9 eur",
    ])
    const euroOf = (variant: typeof small) =>
      variant?.priceSet?.prices.find((price) => price.currencyCode === "eur" && price.priceListId === null)?.id
    expect(euroOf((await catalogue.get(id)).variants[0])).toBe(euroOf(small))
  })

  it("changes of a price that is named by its id only what is said", async () => {
    const rules = { region_id: shop.filled.regionId }
    const prices = [{ currencyCode: "eur", amount: 10, minQuantity: 5, rules }]
    const { id } = await flow.create({ title: "Mug", variants: [{ prices }] })
    const [variant] = (await catalogue.get(id)).variants
    const [price] = variant!.priceSet!.prices

    await flow.update(id, { variants: [{ id: variant!.id, prices: [{ id: price!.id, amount: "9.99" }] }] })

    expect(await catalogue.pricesOf(id)).toEqual([`Mug 9.99 eur from 5 region_id=${shop.filled.regionId}`])
    const { id: other } = await flow.create(aShirt())
    const foreign = (await catalogue.get(other)).variants[0]!.priceSet!.prices[0]!.id
    await expect(
      flow.update(id, { variants: [{ id: variant!.id, prices: [{ id: foreign, amount: 1 }] }] }),
    ).rejects.toMatchObject({ code: "reference.unknown", details: { resource: "price", ids: [foreign] } })
    await expect(flow.update(id, { variants: [{ id: variant!.id, prices: [{ amount: 1 }] }] })).rejects.toMatchObject({
      code: "input.invalid",
    })
    expect(await catalogue.pricesOf(id)).toEqual([`Mug 9.99 eur from 5 region_id=${shop.filled.regionId}`])
  })

  it("keeps variants with an id, makes those without, and deletes the others with all that was theirs", async () => {
    const sku = `GONE-${unique()}`
    const variants = sizes.map((Size) => ({
      options: { Size },
      sku: `${sku}-${Size}`,
      prices: [{ currencyCode: "eur", amount: 3 }],
    }))
    const { id } = await flow.create(aShirt({ variants }))
    const [small, medium] = (await catalogue.get(id)).variants
    const before = await catalogue.counts()

    // The new one takes the place and the SKU of the one that goes.
    await flow.update(id, {
      variants: [
        { id: small!.id },
        { options: { Size: "M" }, sku: `${sku}-M`, prices: [{ currencyCode: "eur", amount: 4 }] },
      ],
    })

    const after = await catalogue.get(id)
    expect(await catalogue.pricesOf(id)).toEqual(["M 4 eur", "S 3 eur"])
    expect(after.variants[0]).toEqual(small)
    expect(after.variants[1]?.id).not.toBe(medium?.id)
    expect(await catalogue.counts()).toEqual(before)
    await expect(catalogue.items().get(medium!.inventoryItems[0]!.inventoryId)).rejects.toMatchObject({
      code: "resource.not_found",
    })
  })

  it("replaces channels, clears the profile, and leaves alone what it does not name", async () => {
    const { channelId, profileId } = shop.filled
    const other = await shop.resolve(SalesChannelService).create({ name: "Shop" })
    const { id } = await flow.create(aShirt({ shippingProfileId: profileId }))
    const before = await catalogue.get(id)

    await flow.update(id, { title: "Blouse" })
    expect(await catalogue.get(id)).toEqual({ ...before, title: "Blouse" })
    expect(before.salesChannels).toEqual([{ id: channelId }])
    await flow.update(id, { salesChannels: [{ id: other.id }], shippingProfileId: null })

    expect(await catalogue.get(id)).toMatchObject({ salesChannels: [{ id: other.id }], shippingProfile: null })
    await shop.resolve(SalesChannelService).delete(other.id)
    expect((await catalogue.get(id)).salesChannels).toEqual([])
  })

  it.each([
    ["a channel", { salesChannels: [{ id: "sc_none" }] }, "reference.unknown"],
    ["a profile", { shippingProfileId: "sp_none" }, "reference.unknown"],
    ["a variant", { variants: [{ id: "variant_none" }] }, "resource.not_found"],
  ] as [string, UpdateProductInput, string][])(
    "is refused as a whole with %s that there is not",
    async (_, fault, code) => {
      const { id } = await flow.create(aShirt())
      const before = await catalogue.get(id)

      await expect(flow.update(id, { title: "Other", ...fault })).rejects.toMatchObject({ code })

      expect(await catalogue.get(id)).toEqual(before)
    },
  )
})

describe("a batch", () => {
  it("deletes, changes and adds in one, so that what goes leaves its handle and SKUs", async () => {
    const sku = `BATCH-${unique()}`
    const [gone, kept] = (await flow.createMany([
      { title: "Old", handle: `batch-${sku.toLowerCase()}`, variants: [{ sku }] },
      aShirt(),
    ])) as [string, string]

    const result = await flow.batch({
      create: [{ title: "New", handle: `batch-${sku.toLowerCase()}`, variants: [{ sku }] }],
      update: [{ id: kept, title: "Kept" }],
      delete: [gone],
    })

    expect(result).toEqual({ created: [expect.stringMatching(/^prod_/)], updated: [kept], deleted: [gone] })
    expect(await catalogue.get(result.created[0] as string)).toMatchObject({ variants: [{ sku }] })
    expect((await catalogue.get(kept)).title).toBe("Kept")
    expect(await catalogue.find(gone)).toBeUndefined()
  })

  it("is done as a whole or not at all", async () => {
    const { id } = await flow.create(aShirt())
    const before = await catalogue.counts()

    await expect(
      flow.batch({ delete: [id], create: [aShirt({ shippingProfileId: "sp_none" })] }),
    ).rejects.toMatchObject({ code: "reference.unknown" })

    expect(await catalogue.counts()).toEqual(before)
    expect(await flow.batch({})).toEqual({ created: [], updated: [], deleted: [] })
  })
})

describe("a product that is deleted", () => {
  it("takes prices, links and its own items with it; shared and reserved ones stay", async () => {
    const { channelId, locationId, profileId } = shop.filled
    const before = await catalogue.counts()
    const screw = await catalogue.items().create({ title: "Screw" })
    const { id } = await flow.create({
      title: "Shelf",
      shippingProfileId: profileId,
      salesChannels: [{ id: channelId }],
      options: [{ title: "Kind", values: ["own", "kit", "held"] }],
      variants: [
        { options: { Kind: "own" }, prices: [{ currencyCode: "eur", amount: 1 }] },
        { options: { Kind: "kit" }, inventoryItems: [{ inventoryItemId: screw.id, requiredQuantity: 4 }] },
        { options: { Kind: "held" } },
      ],
    })
    const { id: box } = await flow.create({
      title: "Box",
      variants: [{ inventoryItems: [{ inventoryItemId: screw.id }] }],
    })
    const held = (await catalogue.get(id)).variants[2]!.inventoryItems[0]!.inventoryId
    const level = { inventoryItemId: held, locationId, stockedQuantity: 3 }
    await shop.resolve(InventoryLevelService).setMany([level])
    const lines = [{ inventoryItemId: held, quantity: 1 }]
    await shop.resolve(ReservationService).reserve({ lines, locationIds: [locationId] })

    await flow.delete(id)

    expect(await catalogue.find(id)).toBeUndefined()
    expect((await catalogue.items().list({ filter: { id: [screw.id, held] } })).count).toBe(2)
    const left = { products: 1, variants: 1, priceSets: 1, prices: 0, items: 2, parts: 1, sold: 1, priced: 1 }
    const sum = Object.entries(before).map(([name, count]) => [name, count + (left as Record<string, number>)[name]!])
    expect(await catalogue.counts()).toEqual(Object.fromEntries(sum))
    await expect(flow.delete(id)).rejects.toMatchObject({ code: "resource.not_found" })
    await flow.delete(box)
    expect((await catalogue.items().list({ filter: { id: screw.id } })).count).toBe(0)
  })
})
