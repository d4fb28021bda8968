import { CustomerAddressService, CustomerService } from "@marquetry/customer"
import { ApiKeyService } from "@marquetry/api-key"
import { Links } from "@marquetry/kernel"
import { ProductService } from "@marquetry/product"
import { RegionService } from "@marquetry/region"
import { SalesChannelService } from "@marquetry/sales-channel"
import { StoreService } from "@marquetry/store"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { apiKeySalesChannel, productSalesChannel, Storefronts, type Shopper } from "../src/index.ts"
import { berlin, openShop, type Shop } from "./shop.ts"

let shop: Shop
let shirt: string
let lamp: string

beforeAll(async () => {
  shop = await openShop()
  shirt = (await shop.addProduct({ title: "Shirt" })).variantId
  lamp = (await shop.addProduct({ title: "Lamp", prices: [{ currencyCode: "eur", amount: "7.5" }] })).variantId
})
afterAll(() => shop.close())

const make = (variantId = shirt, quantity = 1) => shop.flow.create({ items: [{ variantId, quantity }] }, shop.shopper)
const linesOf = async (id: string) => (await shop.cart(id)).items.map(({ title, quantity }) => [title, quantity])
const add = (id: string, variantId: string, quantity = 1, shopper = shop.shopper) =>
  shop.flow.addItems(id, [{ variantId, quantity }], shopper)
const code = (text: string) => expect.objectContaining({ code: text })

describe("a new cart", () => {
  it("is in the store's region and the storefront's channel, goes to the one country there, and is nobody's", async () => {
    const id = await shop.flow.create({}, shop.shopper)

    expect(await shop.cart(id)).toMatchObject({
      regionId: shop.filled.regionId,
      salesChannelId: shop.filled.channelId,
      currencyCode: "eur",
      customerId: null,
      email: null,
      shippingAddress: { countryCode: "de", city: null },
      billingAddress: null,
      items: [],
      total: "0",
      completedAt: null,
    })
  })

  it("holds what is asked for, described as it is sold, priced and taxed", async () => {
    const { product, variantId } = await shop.addProduct({
      title: "Coat",
      subtitle: "For rain",
      description: "Long",
      options: [{ title: "Size", values: ["M"] }],
      variants: [{ title: "M", sku: "COAT-M", options: { Size: "M" }, manageInventory: false }],
      stock: null,
    })

    const id = await shop.flow.create(
      { ...berlin, items: [{ variantId, quantity: 2, metadata: { gift: true } }], metadata: { from: "test" } },
      shop.shopper,
    )

    const cart = await shop.cart(id)
    expect(cart).toMatchObject({ email: "ada@example.com", metadata: { from: "test" }, total: "23.8", taxTotal: "3.8" })
    expect(cart.items).toMatchObject([
      {
        title: "Coat",
        subtitle: "M",
        productTitle: "Coat",
        productSubtitle: "For rain",
        productDescription: "Long",
        productHandle: product.handle,
        productId: product.id,
        variantId,
        variantSku: "COAT-M",
        variantOptionValues: { Size: "M" },
        requiresShipping: true,
        isDiscountable: true,
        quantity: 2,
        metadata: { gift: true },
        unitPrice: "10",
        compareAtUnitPrice: null,
        taxLines: [{ rate: "19", code: "vat", description: "VAT" }],
      },
    ])
  })

  it("belongs to whoever is logged in, with the e-mail address of their account", async () => {
    const shopper = await shop.withAccount("grace@example.com")

    const id = await shop.flow.create({ email: "other@example.com" }, shopper)

    expect(await shop.cart(id)).toMatchObject({ customerId: shopper.customerId, email: "grace@example.com" })
  })

  it("belongs to the guest of its e-mail address, the same one every time", async () => {
    const ids = await Promise.all([1, 2, 3].map(() => shop.flow.create({ email: " Guest@Example.com" }, shop.shopper)))

    const carts = await Promise.all(ids.map((id) => shop.cart(id)))
    expect(new Set(carts.map(({ email }) => email))).toEqual(new Set(["guest@example.com"]))
    const owners = new Set(carts.map(({ customerId }) => customerId))
    expect(owners.size).toBe(1)
    expect(await shop.resolve(CustomerService).get([...owners][0] as string)).toMatchObject({ hasAccount: false })
  })

  it("can go to an address that the customer keeps", async () => {
    const shopper = await shop.withAccount("kept@example.com")
    const { id: addressId } = await shop
      .resolve(CustomerAddressService)
      .create(shopper.customerId, { city: "Hamburg", countryCode: "de" })

    const id = await shop.flow.create({ shippingAddress: addressId }, shopper)

    const gone = code("resource.not_found")
    expect(await shop.cart(id)).toMatchObject({ shippingAddress: { city: "Hamburg", customerId: shopper.customerId } })
    await expect(shop.flow.create({ shippingAddress: addressId }, shop.shopper)).rejects.toThrow(gone)
    await expect(shop.flow.create({ billingAddress: "cuaddr_none" }, shopper)).rejects.toThrow(gone)
  })

  it("takes a key that has not been looked up yet, and refuses one that is not valid", async () => {
    const storefront = shop.resolve(Storefronts).keyOf(shop.filled.token)
    const wrong = shop.resolve(Storefronts).keyOf(`pk_${"0".repeat(64)}`)
    if (storefront === null || wrong === null) throw new Error("These are tokens")

    const id = await shop.flow.create({ items: [{ variantId: shirt, quantity: 1 }] }, { storefront, customerId: null })
    await add(id, lamp, 1, { storefront, customerId: null })

    const refused = code("store.publishable_key_invalid")
    expect(await linesOf(id)).toEqual([
      ["Shirt", 1],
      ["Lamp", 1],
    ])
    await expect(shop.flow.create({}, { storefront: wrong, customerId: null })).rejects.toThrow(refused)
    await expect(add(id, lamp, 1, { storefront: wrong, customerId: null })).rejects.toThrow(refused)
  })

  it("is in the store's channel where the key has several, and in one of the key's in any case", async () => {
    const channels = shop.resolve(SalesChannelService)
    const [first, second, foreign] = await Promise.all(["A", "B", "C"].map((name) => channels.create({ name })))
    const key = await shop.resolve(ApiKeyService).create({ type: "publishable", title: "Several" })
    const ids = [first?.id, second?.id, shop.filled.channelId] as string[]
    await shop.resolve(Links).add(
      apiKeySalesChannel,
      ids.map((id) => [key.id, id] as const),
    )
    const shopper: Shopper = { storefront: { apiKeyId: key.id, salesChannelIds: ids }, customerId: null }
    const channelOf = async (salesChannelId?: string) =>
      (await shop.cart(await shop.flow.create({ ...(salesChannelId && { salesChannelId }) }, shopper))).salesChannelId

    expect(await channelOf()).toBe(shop.filled.channelId)
    expect(await channelOf(second?.id)).toBe(second?.id)
    await expect(channelOf(foreign?.id)).rejects.toThrow(code("cart.sales_channel_not_offered"))
    await expect(channelOf("sc_none")).rejects.toThrow(code("cart.sales_channel_not_offered"))
    const nowhere: Shopper = { storefront: { apiKeyId: key.id, salesChannelIds: [] }, customerId: null }
    await expect(shop.flow.create({}, nowhere)).rejects.toThrow(code("cart.sales_channel_not_offered"))
  })

  it.each([
    ["a region that there is not", { regionId: "reg_none" }, "cart.region_unknown"],
    ["a currency that is not the region's", { currencyCode: "usd" }, "cart.currency_differs"],
    ["a country outside the region", { shippingAddress: { countryCode: "fr" } }, "cart.country_outside_region"],
    ["a code that there is not", { promoCodes: ["NOTHING"] }, "promotion.unknown_code"],
    ["an e-mail address that is none", { email: "ada" }, "input.invalid"],
    ["a field that there is not", { color: "red" } as object, "input.invalid"],
  ])("is refused for %s", async (_, input, expected) => {
    await expect(shop.flow.create(input, shop.shopper)).rejects.toThrow(code(expected))
  })

  it("is moved out of a region that was deleted, and can be changed again", async () => {
    const lost = await openShop()
    const id = await lost.flow.create({ regionId: lost.filled.regionId }, lost.shopper)
    const regions = lost.resolve(RegionService)
    await regions.delete(lost.filled.regionId)
    const other = await regions.create({ name: "Elsewhere", currencyCode: "eur", countries: ["se"] })

    await expect(lost.flow.update(id, { email: "ada@example.com" }, lost.shopper)).rejects.toThrow(
      code("cart.no_region"),
    )
    await lost.flow.update(id, { regionId: other.id }, lost.shopper)
    await lost.flow.update(id, { email: "ada@example.com" }, lost.shopper)

    expect(await lost.cart(id)).toMatchObject({ regionId: other.id, email: "ada@example.com" })
    await lost.close()
  })

  it("needs a region", async () => {
    const empty = await openShop()
    await empty.resolve(RegionService).delete(empty.filled.regionId)

    await expect(empty.flow.create({}, empty.shopper)).rejects.toThrow(code("cart.no_region"))
    const other = await empty
      .resolve(RegionService)
      .create({ name: "Nordics", currencyCode: "sek", countries: ["se", "no"] })
    const id = await empty.flow.create({}, empty.shopper)
    expect(await empty.cart(id)).toMatchObject({ regionId: other.id, currencyCode: "sek", shippingAddress: null })
    await empty.close()
  })
})

describe("adding", () => {
  it("puts pieces of a variant into one line, and into another for other metadata", async () => {
    const id = await make(shirt, 2)

    await add(id, shirt, 3)
    await shop.flow.addItems(
      id,
      [
        { variantId: shirt, quantity: 1, metadata: { engraved: "A" } },
        { variantId: lamp, quantity: 1 },
        { variantId: shirt, quantity: 1, metadata: { engraved: "A" } },
      ],
      shop.shopper,
    )

    expect(await linesOf(id)).toEqual([
      ["Shirt", 5],
      ["Shirt", 2],
      ["Lamp", 1],
    ])
    expect(await shop.cart(id)).toMatchObject({ itemSubtotal: "77.5", total: "92.23" })
  })

  it.each([
    ["a fraction", 1.5],
    ["a negative number", -1],
    ["zero", 0],
    ["a thousand million", 1e9],
    ["no number", Number.NaN],
    ["a text", "2" as unknown as number],
  ])("refuses %s of pieces", async (_, quantity) => {
    const id = await make()

    await expect(add(id, shirt, quantity)).rejects.toThrow(code("input.invalid"))
    await expect(make(shirt, quantity)).rejects.toThrow(code("input.invalid"))
    expect(await linesOf(id)).toEqual([["Shirt", 1]])
  })

  it.each([1.5, -1, 1e9, Number.NaN])("refuses to set a line to %s pieces", async (quantity) => {
    const id = await make()
    const lineId = (await shop.cart(id)).items[0]?.id as string

    const changing = shop.flow.changeItem(id, lineId, { quantity }, shop.shopper)
    await expect(changing).rejects.toThrow(code("input.invalid"))
    expect(await linesOf(id)).toEqual([["Shirt", 1]])
  })

  it("refuses more pieces of a line than a line can hold, and more lines than a cart can", async () => {
    const { variantId } = await shop.addProduct({ title: "Sand", stock: null })
    const id = await make(variantId, 999_999)

    await expect(add(id, variantId, 2)).rejects.toThrow(code("cart.quantity_too_large"))
    const many = Array.from({ length: 501 }, (_, index) => ({ variantId, quantity: 1, metadata: { index } }))
    await expect(shop.flow.addItems(id, many, shop.shopper)).rejects.toThrow(code("input.invalid"))
    const full = shop.flow.addItems(id, many.slice(1), shop.shopper)
    await expect(full).rejects.toThrow(code("cart.too_many_lines"))
    expect(await linesOf(id)).toEqual([["Sand", 999_999]])
  })

  it("refuses what is not sold here, and changes nothing", async () => {
    const other = await shop.resolve(SalesChannelService).create({ name: "Elsewhere" })
    const elsewhere = await shop.addProduct({ title: "Elsewhere", channelId: other.id })
    const draft = await shop.addProduct({ title: "Draft", status: "draft" })
    const gone = await shop.addProduct({ title: "Gone" })
    await shop.resolve(ProductService).delete(gone.product.id)
    const id = await make()

    for (const variantId of ["variant_none", elsewhere.variantId, draft.variantId, gone.variantId]) {
      const refused = { code: "cart.variants_not_offered", details: { variantIds: [variantId] } }
      await expect(add(id, variantId)).rejects.toThrow(expect.objectContaining(refused))
      await expect(make(variantId)).rejects.toThrow(expect.objectContaining(refused))
    }
    const mixed = [lamp, "variant_none"].map((variantId) => ({ variantId, quantity: 1 }))
    await expect(shop.flow.addItems(id, mixed, shop.shopper)).rejects.toThrow(code("cart.variants_not_offered"))
    expect(await linesOf(id)).toEqual([["Shirt", 1]])
  })

  it("refuses what has no price in the cart's currency", async () => {
    const { variantId } = await shop.addProduct({ prices: [{ currencyCode: "usd", amount: 5 }] })
    const id = await make()

    const refused = { code: "cart.price_missing", details: { variantIds: [variantId] } }
    await expect(add(id, variantId)).rejects.toThrow(expect.objectContaining(refused))
    await expect(make(variantId)).rejects.toThrow(expect.objectContaining(refused))
    expect(await linesOf(id)).toEqual([["Shirt", 1]])
  })

  it("refuses more than there is, over all lines, unless it may be owed or is not counted", async () => {
    const rare = (await shop.addProduct({ title: "Rare", stock: 3 })).variantId
    const owed = (await shop.addProduct({ title: "Owed", stock: 0, allowBackorder: true })).variantId
    const free = (await shop.addProduct({ title: "Free", stock: null })).variantId
    const id = await make(rare, 2)

    const line = { variantId: rare, quantity: 2, metadata: { other: "line" } }
    const refused = shop.flow.addItems(id, [line], shop.shopper)
    await expect(refused).rejects.toThrow(
      expect.objectContaining({
        code: "cart.insufficient_inventory",
        details: { variants: [{ variantId: rare, asked: 4, available: 3 }] },
      }),
    )
    await expect(make(rare, 4)).rejects.toThrow(code("cart.insufficient_inventory"))
    await add(id, owed, 50)
    await add(id, free, 50)
    await add(id, rare, 1)
    expect(await linesOf(id)).toEqual([
      ["Rare", 3],
      ["Owed", 50],
      ["Free", 50],
    ])
  })
})

describe("changing a line", () => {
  it("sets its pieces and metadata, and removes it at zero", async () => {
    const id = await make(shirt, 2)
    const [line] = (await shop.cart(id)).items
    const lineId = line?.id as string

    await shop.flow.changeItem(id, lineId, { quantity: 5, metadata: { gift: true } }, shop.shopper)
    expect((await shop.cart(id)).items).toMatchObject([{ quantity: 5, metadata: { gift: true }, total: "59.5" }])
    await shop.flow.changeItem(id, lineId, { quantity: 4 }, shop.shopper)
    expect((await shop.cart(id)).items).toMatchObject([{ quantity: 4, metadata: { gift: true } }])
    await shop.flow.changeItem(id, lineId, { quantity: 0 }, shop.shopper)
    expect(await shop.cart(id)).toMatchObject({ items: [], total: "0" })
  })

  it("refuses more than there is, and takes less of what has run out", async () => {
    const { variantId, inventoryItemId } = await shop.addProduct({ stock: 5 })
    const id = await make(variantId, 4)
    const lineId = (await shop.cart(id)).items[0]?.id as string

    const more = shop.flow.changeItem(id, lineId, { quantity: 6 }, shop.shopper)
    await expect(more).rejects.toThrow(code("cart.insufficient_inventory"))
    await shop.sql(`update "inventory"."inventory_level" set stocked_quantity = 1 where inventory_item_id = $1`, [
      inventoryItemId,
    ])
    await shop.flow.changeItem(id, lineId, { quantity: 3 }, shop.shopper)
    expect(await linesOf(id)).toEqual([["Shirt", 3]])
  })

  it("does not find lines of other carts", async () => {
    const [id, other] = await Promise.all([make(), make()])
    const lineId = (await shop.cart(other)).items[0]?.id as string

    const gone = code("resource.not_found")
    await expect(shop.flow.changeItem(id, lineId, { quantity: 2 }, shop.shopper)).rejects.toThrow(gone)
    await expect(shop.flow.changeItem(id, lineId, { quantity: 0 }, shop.shopper)).rejects.toThrow(gone)
    await expect(shop.flow.removeItem(id, lineId, shop.shopper)).rejects.toThrow(gone)
    expect(await linesOf(other)).toEqual([["Shirt", 1]])
  })

  it("removes a line", async () => {
    const id = await make()
    await add(id, lamp)

    await shop.flow.removeItem(id, (await shop.cart(id)).items[0]?.id as string, shop.shopper)

    expect(await linesOf(id)).toEqual([["Lamp", 1]])
    expect(await shop.cart(id)).toMatchObject({ total: "8.93" })
  })
})

it("refuses a channel in which the cart's lines are not sold, and moves to one in which they are", async () => {
  const other = await shop.resolve(SalesChannelService).create({ name: "Outlet" })
  const shopper: Shopper = {
    storefront: { apiKeyId: shop.filled.keyId, salesChannelIds: [shop.filled.channelId, other.id] },
    customerId: null,
  }
  const { product, variantId } = await shop.addProduct({ title: "Both", stock: null })
  await shop.resolve(Links).add(productSalesChannel, [[product.id, other.id]])
  const id = await make(variantId)
  await add(id, shirt)

  const moving = () => shop.flow.update(id, { salesChannelId: other.id }, shopper)
  await expect(moving()).rejects.toThrow(
    expect.objectContaining({ code: "cart.variants_not_offered", details: { variantIds: [shirt] } }),
  )
  await shop.flow.removeItem(id, (await shop.cart(id)).items[1]?.id as string, shopper)
  await moving()

  expect(await shop.cart(id)).toMatchObject({ salesChannelId: other.id })
  const foreign = shop.flow.update(id, { salesChannelId: "sc_none" }, shopper)
  await expect(foreign).rejects.toThrow(code("cart.sales_channel_not_offered"))
})

it("takes its region from the store, where it names one", async () => {
  const stores = shop.resolve(StoreService)
  const { rows } = await stores.list({})
  const other = await shop.resolve(RegionService).create({ name: "Alps", currencyCode: "eur", countries: ["at", "ch"] })
  await stores.update(rows[0]?.id as string, { defaultRegionId: other.id })

  const id = await shop.flow.create({}, shop.shopper)

  await stores.update(rows[0]?.id as string, { defaultRegionId: shop.filled.regionId })
  expect(await shop.cart(id)).toMatchObject({ regionId: other.id, shippingAddress: null })
})
