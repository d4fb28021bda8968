import { afterAll, beforeAll, expect, it } from "vitest"
import { ProductFlow } from "@marquetry/flows"
import { InventoryLevelService, VariantInventoryItemService } from "@marquetry/inventory"
import { VariantService } from "@marquetry/product"
import { openBackOffice, type BackOffice, type Json, type Sdk } from "./back-office.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

/** A channel that sells to Germany, in euros with tax, from one warehouse. In the order in which a shop is set up. */
async function setUp() {
  const { sales_channel: web } = await sdk.admin.salesChannel.create({ name: "Web" })
  const { api_key: key } = await sdk.admin.apiKey.create({ title: "Storefront", type: "publishable" })
  await sdk.admin.apiKey.batchSalesChannels(key.id, { add: [web.id] })
  const { region } = await sdk.admin.region.create({
    name: "Germany",
    currency_code: "eur",
    countries: ["de"],
    payment_providers: ["pp_system_default"],
    is_tax_inclusive: true,
  } as never)
  await sdk.admin.taxRegion.create({
    country_code: "de",
    default_tax_rate: { name: "VAT", code: "vat", rate: 19 },
  } as never)
  const { stock_location: warehouse } = await sdk.admin.stockLocation.create({
    name: "Warehouse",
    address: { address_1: "Am Speicher 1", city: "Hamburg", country_code: "de" },
  } as never)
  await sdk.admin.stockLocation.updateSalesChannels(warehouse.id, { add: [web.id] })
  await sdk.admin.stockLocation.updateFulfillmentProviders(warehouse.id, { add: ["manual_manual"] })
  await sdk.admin.stockLocation.createFulfillmentSet(warehouse.id, { name: "Parcels", type: "shipping" })
  const { stock_location: filled } = await sdk.admin.stockLocation.retrieve(warehouse.id, {
    fields: "*fulfillment_sets",
  })
  const set = filled.fulfillment_sets?.[0]?.id as string
  const { fulfillment_set: zoned } = await sdk.admin.fulfillmentSet.createServiceZone(set, {
    name: "Germany",
    geo_zones: [{ type: "country", country_code: "de" }],
  })
  const { shipping_profile: profile } = await sdk.admin.shippingProfile.create({ name: "Parcel", type: "default" })
  const { shipping_option: option } = await sdk.admin.shippingOption.create({
    name: "Standard",
    service_zone_id: zoned.service_zones[0]?.id,
    shipping_profile_id: profile.id,
    provider_id: "manual_manual",
    price_type: "flat",
    type: { label: "Standard", description: "In two days", code: "standard" },
    prices: [
      { currency_code: "eur", amount: 7 },
      { region_id: region.id, amount: 5 },
      { region_id: region.id, amount: 0, rules: [{ attribute: "item_total", operator: "gte", value: 100 }] },
    ],
    rules: [
      { attribute: "enabled_in_store", operator: "eq", value: "true" },
      { attribute: "is_return", operator: "eq", value: "false" },
    ],
  } as never)
  return {
    web: web.id,
    key: key.token,
    region: region.id,
    warehouse: warehouse.id,
    profile: profile.id,
    option: option.id,
  }
}

/** Ten lamps in the warehouse, 40 euros each. @returns the variant. */
async function stockLamps({ web, profile, warehouse }: { web: string; profile: string; warehouse: string }) {
  const { container } = office
  const made = await container.resolve(ProductFlow).create({
    title: "Lamp",
    status: "published",
    salesChannels: [{ id: web }],
    shippingProfileId: profile,
    variants: [{ title: "One", sku: "LAMP", prices: [{ currencyCode: "eur", amount: 40 }] }],
  })
  const variants = await container.resolve(VariantService).list({ filter: { productId: made.id } })
  const variantId = variants.rows[0]?.id as string
  const items = await container.resolve(VariantInventoryItemService).list({ filter: { variantId } })
  const inventoryItemId = items.rows[0]?.inventoryId as string
  await container
    .resolve(InventoryLevelService)
    .setMany([{ inventoryItemId, locationId: warehouse, stockedQuantity: 10 }])
  return variantId
}

it("is done from nothing by the official client, and a storefront sells at once", async () => {
  const shop = await setUp()
  const variantId = await stockLamps(shop)
  const sent = { token: null, headers: { "x-publishable-api-key": shop.key } }
  const offers = async (quantity: number) => {
    const { body } = await office.post(
      "/store/carts",
      {
        region_id: shop.region,
        email: "ada@example.com",
        shipping_address: { first_name: "Ada", address_1: "Gasse 1", city: "Berlin", country_code: "de" },
        items: [{ variant_id: variantId, quantity }],
      },
      sent,
    )
    const cart = body["cart"] as { id: string }
    const { body: offered } = await office.get(`/store/shipping-options?cart_id=${cart.id}`, sent)
    return { cart: cart.id, options: offered["shipping_options"] as Json[] }
  }

  const [few, many] = [await offers(1), await offers(3)]
  const chosen = await office.post(`/store/carts/${few.cart}/shipping-methods`, { option_id: shop.option }, sent)
  const { body: ways } = await office.get(`/store/payment-providers?region_id=${shop.region}`, sent)

  expect(few.options).toMatchObject([{ id: shop.option, name: "Standard", amount: 5, is_tax_inclusive: true }])
  expect(many.options).toMatchObject([{ id: shop.option, amount: 0 }])
  // For which carts a price is, is nobody's business.
  const prices = few.options[0]?.["prices"] as Json[]
  expect(prices.map(({ amount, price_rules: rules }) => [amount, rules])).toEqual(
    [[7], [5], [0]].map(([a]) => [a, undefined]),
  )
  // 40 for the lamp without tax, 7.60 of tax, 5 for the parcel with it: the region's prices contain tax, the currency's do not.
  expect(chosen.body["cart"]).toMatchObject({ shipping_total: 5, item_total: 47.6, total: 52.6 })
  expect(ways["payment_providers"]).toMatchObject([{ id: "pp_system_default" }])
})
