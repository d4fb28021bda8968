import Medusa from "@medusajs/js-sdk"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, type BackOffice, type Json, type Sdk } from "./back-office.ts"

// Types and tools disagree about what a CommonJS module's default is; Node gives the module.
const Client = ("default" in Medusa ? Medusa.default : Medusa) as unknown as new (options: object) => Sdk

/** What the test reads of answers. */
interface Row extends Json {
  readonly id: string
}
interface Order extends Row {
  readonly items: readonly (Row & { readonly detail: Json })[]
  readonly fulfillments: readonly Row[]
  readonly payment_collections: readonly (Row & { readonly payments: readonly Row[] })[]
}
/** The client's types do not know our answers in each detail. */
const as = <T>(answer: unknown): T => answer as T

const address = {
  first_name: "Ada",
  last_name: "Lovelace",
  address_1: "Unter den Linden 1",
  city: "Berlin",
  postal_code: "10117",
  country_code: "de",
}
const label = { tracking_number: "1Z", tracking_url: "https://track.example/1Z", label_url: "https://label.example/1Z" }

let office: BackOffice
let admin: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  admin = await office.sdk()
})
afterAll(() => office.drop())

/** Where the shop sells, by whom it is paid, and what it owes the state. */
async function openForBusiness() {
  const { sales_channel: channel } = await admin.admin.salesChannel.create({ name: "Web shop" })
  const { api_key: key } = await admin.admin.apiKey.create({ title: "Storefront", type: "publishable" })
  await admin.admin.apiKey.batchSalesChannels(key.id, { add: [channel.id] })
  const { region } = await admin.admin.region.create({
    name: "Germany",
    currency_code: "eur",
    countries: ["de"],
    payment_providers: ["pp_system_default"],
  })
  await admin.admin.taxRegion.create(
    as({ country_code: "de", default_tax_rate: { name: "VAT", code: "vat", rate: 19 } }),
  )
  return { channel: channel.id, region: region.id, token: key.token }
}

/** Whence and how goods are sent. */
async function openWarehouse(channel: string) {
  const { stock_location: made } = await admin.admin.stockLocation.create({ name: "Warehouse" })
  await admin.admin.stockLocation.updateSalesChannels(made.id, { add: [channel] })
  await admin.admin.stockLocation.updateFulfillmentProviders(made.id, { add: ["manual_manual"] })
  await admin.admin.stockLocation.createFulfillmentSet(made.id, { name: "Parcels", type: "shipping" })
  const { stock_location: location } = as<{ stock_location: Row & { fulfillment_sets: Row[] } }>(
    await admin.admin.stockLocation.retrieve(made.id, { fields: "*fulfillment_sets" }),
  )
  const { fulfillment_set: set } = as<{ fulfillment_set: { service_zones: Row[] } }>(
    await admin.admin.fulfillmentSet.createServiceZone(location.fulfillment_sets[0]?.id as string, {
      name: "Germany",
      geo_zones: [{ type: "country", country_code: "de" }],
    }),
  )
  const { shipping_profile: profile } = await admin.admin.shippingProfile.create({ name: "Parcel", type: "default" })
  const { shipping_option: option } = await admin.admin.shippingOption.create(
    as({
      name: "Standard",
      service_zone_id: set.service_zones[0]?.id,
      shipping_profile_id: profile.id,
      provider_id: "manual_manual",
      price_type: "flat",
      type: { label: "Standard", description: "In two days", code: "standard" },
      prices: [{ currency_code: "eur", amount: 5 }],
      rules: [
        { attribute: "enabled_in_store", operator: "eq", value: "true" },
        { attribute: "is_return", operator: "eq", value: "false" },
      ],
    }),
  )
  return { location: location.id, profile: profile.id, option: option.id }
}

/** A shirt, of which there are ten. */
async function stockShirts(channel: string, profile: string, location: string) {
  const { product } = as<{ product: Row & { variants: Row[] } }>(
    await admin.admin.product.create(
      as({
        title: "Shirt",
        status: "published",
        shipping_profile_id: profile,
        sales_channels: [{ id: channel }],
        options: [{ title: "Size", values: ["M"] }],
        variants: [
          { title: "M", sku: "SHIRT-M", options: { Size: "M" }, prices: [{ currency_code: "eur", amount: 20 }] },
        ],
      }),
    ),
  )
  const { inventory_items: items } = await admin.admin.inventoryItem.list({ sku: "SHIRT-M" })
  const item = items[0]?.id as string
  await admin.admin.inventoryItem.batchInventoryItemLocationLevels(item, {
    create: [{ location_id: location, stocked_quantity: 10 }],
  } as never)
  return { variant: product.variants[0]?.id as string, item }
}

describe("a shop from nothing", () => {
  it("is set up, sells, sends, is paid, pays back, and closes its books, by the official client alone", async () => {
    const { channel, region, token } = await openForBusiness()
    const { location, profile, option } = await openWarehouse(channel)
    const { variant, item } = await stockShirts(channel, profile, location)
    const stock = async () => {
      const { inventory_item: found } = as<{ inventory_item: { location_levels: Json[] } }>(
        await admin.admin.inventoryItem.retrieve(item, { fields: "*location_levels" }),
      )
      const [level] = found.location_levels
      return [level?.["stocked_quantity"], level?.["reserved_quantity"]]
    }
    const read = async (id: string) => as<{ order: Order }>(await admin.admin.order.retrieve(id)).order

    // A shopper buys three.
    const shop = new Client({
      baseUrl: office.address,
      publishableKey: token,
      auth: { jwtTokenStorageMethod: "memory" },
    })
    const { cart } = await shop.store.cart.create({
      region_id: region,
      email: "ada@example.com",
      items: [{ variant_id: variant, quantity: 3 }],
      shipping_address: address,
      billing_address: address,
    })
    await shop.store.cart.addShippingMethod(cart.id, { option_id: option })
    await shop.store.payment.initiatePaymentSession(as(cart), { provider_id: "pp_system_default" })
    const { order: bought } = as<{ order: Row }>(await shop.store.cart.complete(cart.id))
    const { orders: listed } = as<{ orders: Row[] }>(await admin.admin.order.list({ q: "ada@example.com" }))
    const placed = await read(bought.id)

    expect(listed.map(({ id }) => id)).toEqual([bought.id])
    expect(placed).toMatchObject({
      status: "pending",
      payment_status: "authorized",
      fulfillment_status: "not_fulfilled",
      total: 77.35,
      summary: { pending_difference: 77.35, paid_total: 0 },
    })
    expect(await stock()).toEqual([10, 3])

    // Two leave first, then the last one.
    const line = placed.items[0]?.id as string
    const send = async (quantity: number) => {
      const items = [{ id: line, quantity }]
      const { order: packed } = as<{ order: Order }>(await admin.admin.order.createFulfillment(bought.id, { items }))
      const parcel = packed.fulfillments.find((one) => one["shipped_at"] === null) as Row
      const { order: sent } = as<{ order: Order }>(
        await admin.admin.order.createShipment(bought.id, parcel.id, { items, labels: [label] }),
      )
      const { order: there } = as<{ order: Order }>(await admin.admin.order.markAsDelivered(bought.id, parcel.id))
      return [packed, sent, there].map((order) => order["fulfillment_status"])
    }
    expect(await send(2)).toEqual(["partially_fulfilled", "partially_shipped", "partially_delivered"])
    expect(await stock()).toEqual([8, 1])
    expect(await send(1)).toEqual(["partially_delivered", "partially_delivered", "delivered"])
    expect(await stock()).toEqual([7, 0])

    // The money is taken, and given back in parts.
    const payment = placed.payment_collections[0]?.payments[0]?.id as string
    const { refund_reason: reason } = await admin.admin.refundReason.create({ label: "Damaged", code: "damaged" })
    await admin.admin.payment.capture(payment, {})
    const paid = await read(bought.id)
    await admin.admin.payment.refund(payment, { amount: 20, refund_reason_id: reason.id, note: "A stain" })
    const partly = await read(bought.id)
    await admin.admin.payment.refund(payment, { amount: 3.8 })
    const after = await read(bought.id)
    const beyond = await office.post(`/admin/payments/${payment}/refund`, { amount: 53.56 })

    expect(paid).toMatchObject({ payment_status: "captured", summary: { paid_total: 77.35, pending_difference: 0 } })
    expect(partly).toMatchObject({ payment_status: "partially_refunded", summary: { refunded_total: 20 } })
    expect(after).toMatchObject({
      payment_status: "partially_refunded",
      summary: { paid_total: 77.35, refunded_total: 23.8, transaction_total: 53.55 },
    })
    expect(beyond.status).toBe(400)

    // Nothing is left to be done.
    await admin.admin.order.complete(bought.id, {})
    const { order: archived } = await admin.admin.order.archive(bought.id)

    expect(archived).toMatchObject({ status: "archived", fulfillment_status: "delivered" })
    const actionsOf = async (id: string) =>
      (await office.audit(id)).map(({ action, actorId }) => (actorId === office.userId ? action : "by another"))
    const sending = ["fulfilled", "shipped", "delivered"]
    expect(await actionsOf(bought.id)).toEqual([...sending, ...sending, "completed", "archived"])
    const refunding = ["to_be_refunded", "refunded"]
    expect(await actionsOf(payment)).toEqual(["to_be_captured", "captured", ...refunding, ...refunding])
    expect(await actionsOf(channel)).toEqual(["created"])
    expect(await actionsOf(location)).toContain("created")
    const told = () => office.mail.sent.filter(({ to }) => to === "ada@example.com").map(({ template }) => template)
    await expect
      .poll(told)
      .toEqual(expect.arrayContaining(["order.fulfillment-created", "order.shipment-created", "order.delivered"]))
  })
})
