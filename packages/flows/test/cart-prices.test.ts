import { CustomerGroupService } from "@marquetry/customer"
import { Links } from "@marquetry/kernel"
import { PriceListService, PriceSetService } from "@marquetry/pricing"
import { ProductService } from "@marquetry/product"
import { RegionService } from "@marquetry/region"
import { TaxRegionService } from "@marquetry/tax"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { shippingOptionPriceSet } from "../src/index.ts"
import { berlin, openShop, type Shop } from "./shop.ts"

let shop: Shop

let japan: string
let usa: string

beforeAll(async () => {
  shop = await openShop()
  const regions = shop.resolve(RegionService)
  japan = (await regions.create({ name: "Japan", currencyCode: "jpy", countries: ["jp"] })).id
  usa = (await regions.create({ name: "America", currencyCode: "usd", countries: ["us", "ca"] })).id
  await shop
    .resolve(TaxRegionService)
    .create({ countryCode: "jp", defaultTaxRate: { rate: 10, name: "Consumption tax" } })
})
afterAll(() => shop.close())

const code = (text: string) => expect.objectContaining({ code: text })
const everywhere = [
  { currencyCode: "eur", amount: 10 },
  { currencyCode: "jpy", amount: 1501 },
  { currencyCode: "usd", amount: "12.34" },
]
const make = (variantId: string, quantity = 1, more: object = {}) =>
  shop.flow.create({ items: [{ variantId, quantity }], ...more }, shop.shopper)
const priceSetOf = async (variantId: string) => {
  const [row] = await shop.sql<{ id: string }>(
    `select price_set_id as id from "link"."product_variant_price_set" where product_variant_id = $1`,
    [variantId],
  )
  return row?.id as string
}

describe("another region", () => {
  it("prices everything anew in its currency, and drops shipping methods that do not reach there", async () => {
    const { variantId } = await shop.addProduct({ prices: everywhere })
    const id = await make(variantId, 2, berlin)
    await shop.flow.chooseShipping(id, [{ optionId: shop.filled.shippingOptionId }], shop.shopper)
    expect(await shop.cart(id)).toMatchObject({ currencyCode: "eur", total: "29.75", shippingTotal: "5.95" })

    await shop.flow.update(id, { regionId: japan }, shop.shopper)

    expect(await shop.cart(id)).toMatchObject({
      regionId: japan,
      currencyCode: "jpy",
      // The address was in the region before.
      shippingAddress: { countryCode: "jp", city: null },
      items: [{ unitPrice: "1501", taxLines: [{ rate: "10" }] }],
      shippingMethods: [],
      total: "3302",
    })
  })

  it("leaves no address where it has several countries, and keeps one that is in it", async () => {
    const { variantId } = await shop.addProduct({ prices: everywhere })
    const id = await make(variantId)

    await shop.flow.update(id, { regionId: usa }, shop.shopper)
    expect(await shop.cart(id)).toMatchObject({ shippingAddress: null, total: "12.34", taxTotal: "0" })
    await shop.flow.update(id, { shippingAddress: { countryCode: "ca", city: "Toronto" } }, shop.shopper)
    await shop.flow.update(id, { regionId: usa }, shop.shopper)
    expect(await shop.cart(id)).toMatchObject({ shippingAddress: { countryCode: "ca", city: "Toronto" } })
    await shop.flow.update(id, { regionId: japan, shippingAddress: { city: "Kyoto" } }, shop.shopper)
    expect(await shop.cart(id)).toMatchObject({ shippingAddress: { countryCode: "jp", city: "Kyoto" } })
  })

  it("is refused where something has no price, and when there is none, and changes nothing then", async () => {
    const { variantId } = await shop.addProduct()
    const id = await make(variantId)
    const before = await shop.cart(id)

    const to = (regionId: string) => shop.flow.update(id, { regionId, metadata: { no: 1 } }, shop.shopper)
    await expect(to(japan)).rejects.toThrow(code("cart.price_missing"))
    await expect(to("reg_none")).rejects.toThrow(code("cart.region_unknown"))
    const abroad = shop.flow.update(id, { regionId: usa, shippingAddress: { countryCode: "de" } }, shop.shopper)
    await expect(abroad).rejects.toThrow(code("cart.country_outside_region"))
    expect(await shop.cart(id)).toEqual(before)
  })
})

describe("prices", () => {
  it("follow the quantity, sales and overrides, whenever the cart is touched", async () => {
    const { variantId } = await shop.addProduct({
      prices: [
        { currencyCode: "eur", amount: 10 },
        { currencyCode: "eur", amount: 9, minQuantity: 5 },
      ],
    })
    const id = await make(variantId)
    const lineId = (await shop.cart(id)).items[0]?.id as string
    const line = async () => {
      const [{ unitPrice, compareAtUnitPrice } = {}] = (await shop.cart(id)).items
      return [unitPrice, compareAtUnitPrice]
    }
    const list = (type: "sale" | "override", amount: number) =>
      shop.resolve(PriceListService).create({
        title: type,
        type,
        status: "active",
        prices: [{ priceSetId: priceSetId, currencyCode: "eur", amount }],
      })
    const priceSetId = await priceSetOf(variantId)

    expect(await line()).toEqual(["10", null])
    await shop.flow.changeItem(id, lineId, { quantity: 5 }, shop.shopper)
    expect(await line()).toEqual(["9", null])
    const sale = await list("sale", 7)
    await shop.flow.refresh(id, shop.shopper)
    expect(await line()).toEqual(["7", "9"])
    await shop.resolve(PriceListService).delete(sale.id)
    await list("override", 12)
    await shop.flow.refresh(id, shop.shopper)
    expect(await line()).toEqual(["12", null])
  })

  it("are those of the customer's groups, once it is known whose cart it is", async () => {
    const shopper = await shop.withAccount("member@example.com")
    const group = await shop.resolve(CustomerGroupService).create({ name: "Members" })
    await shop.resolve(CustomerGroupService).addCustomers(group.id, [shopper.customerId])
    const rules = [{ attribute: "customer.groups.id", operator: "in" as const, value: [group.id] }]
    const { variantId } = await shop.addProduct({
      prices: [
        { currencyCode: "eur", amount: 10 },
        { currencyCode: "eur", amount: 8, rules },
      ],
    })
    const id = await make(variantId)

    expect((await shop.cart(id)).items[0]?.unitPrice).toBe("10")
    await shop.flow.transfer(id, shopper)
    expect((await shop.cart(id)).items[0]?.unitPrice).toBe("8")
    const own = await shop.flow.create({ items: [{ variantId, quantity: 1 }] }, shopper)
    expect((await shop.cart(own)).items[0]?.unitPrice).toBe("8")
  })

  it("stay as they were for a line whose variant was deleted, which cannot be bought", async () => {
    const { product, variantId } = await shop.addProduct()
    const id = await shop.readyCart(variantId)
    await shop.resolve(ProductService).delete(product.id)

    await shop.flow.refresh(id, shop.shopper)

    expect((await shop.cart(id)).items).toMatchObject([{ unitPrice: "10", total: "11.9" }])
    const refused = { code: "cart.variants_not_offered", details: { variantIds: [variantId] } }
    await expect(shop.complete(id)).rejects.toThrow(expect.objectContaining(refused))
  })
})

const collectionAmount = async (id: string) => {
  const [row] = await shop.sql<{ amount: string }>(
    `select trim_scale(amount)::text as amount from "payment"."payment_collection" where id = $1`,
    [id],
  )
  return row?.amount
}

describe("what is to be paid", () => {
  it("follows the total, and a session for another amount is dropped", async () => {
    const { variantId } = await shop.addProduct({ prices: everywhere })
    const id = await shop.readyCart(variantId)
    const collection = await shop.payments.collectionOf(id, shop.shopper)
    const sessions = async () => {
      const rows = await shop.sql<{ amount: string }>(
        `select trim_scale(amount)::text as amount from "payment"."payment_session"
         where payment_collection_id = $1 and deleted_at is null`,
        [collection],
      )
      return rows.map(({ amount }) => amount)
    }

    expect([await collectionAmount(collection), await sessions()]).toEqual(["17.85", ["17.85"]])
    await shop.flow.update(id, { metadata: { note: "same total" } }, shop.shopper)
    expect(await sessions()).toEqual(["17.85"])
    await shop.flow.addItems(id, [{ variantId, quantity: 1 }], shop.shopper)
    expect([await collectionAmount(collection), await sessions()]).toEqual(["29.75", []])
    await expect(shop.complete(id)).rejects.toThrow(code("checkout.payment_session_missing"))
    await shop.pay(id)
    await shop.flow.update(id, { regionId: japan }, shop.shopper)
    expect([await collectionAmount(collection), await sessions()]).toEqual(["3302", []])
  })

  it("is one collection, however many ask for it at once", async () => {
    const { variantId } = await shop.addProduct()
    const id = await make(variantId)

    const ids = await Promise.all(Array.from({ length: 10 }, () => shop.payments.collectionOf(id, shop.shopper)))

    expect(new Set(ids).size).toBe(1)
    const [row] = await shop.sql(
      `select count(*)::int as count from "link"."cart_payment_collection" where cart_id = $1`,
      [id],
    )
    expect(row).toEqual({ count: 1 })
  })

  it("is paid with a provider of the region", async () => {
    const { variantId } = await shop.addProduct({ prices: everywhere })
    const id = await make(variantId, 1, { regionId: japan })

    await expect(shop.pay(id)).rejects.toThrow(code("checkout.payment_provider_not_offered"))
    await expect(shop.pay(id, "pp_none")).rejects.toThrow(code("checkout.payment_provider_not_offered"))
  })
})

it("a shipping option without a price in the cart's currency is not offered for nothing", async () => {
  const { variantId } = await shop.addProduct({ prices: everywhere })
  const [set] = await shop.resolve(PriceSetService).createMany([{ prices: [{ currencyCode: "usd", amount: 1 }] }])
  const before = await shop.resolve(Links).of(shippingOptionPriceSet, [shop.filled.shippingOptionId])
  const id = await shop.readyCart(variantId)
  await shop.resolve(Links).remove(shippingOptionPriceSet, before)
  await shop.resolve(Links).add(shippingOptionPriceSet, [[shop.filled.shippingOptionId, set as string]])

  await shop.flow.refresh(id, shop.shopper)

  await shop.resolve(Links).remove(shippingOptionPriceSet, [[shop.filled.shippingOptionId, set as string]])
  await shop.resolve(Links).add(shippingOptionPriceSet, before)
  expect(await shop.cart(id)).toMatchObject({ shippingMethods: [], total: "11.9" })
})
