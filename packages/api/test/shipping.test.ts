import { FulfillmentSetService, ShippingOptionService, ShippingProfileService } from "@marquetry/fulfillment"
import { locationFulfillmentSet, shippingOptionPriceSet } from "@marquetry/flows"
import { Links } from "@marquetry/kernel"
import { PriceSetService } from "@marquetry/pricing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { berlin, list, visitor, type Row, type Visitor } from "./buying.ts"
import { addProduct } from "./selling.ts"
import { openShop, sorted, type Json, type Shop } from "./shop.ts"

let shop: Shop
let guest: Visitor
let lamp: string
beforeAll(async () => {
  shop = await openShop()
  guest = visitor(shop)
  lamp = shop.lamp.variants[0]?.id as string
})
afterAll(() => shop.drop())

const read = async (id: string) => (await guest.done(guest.get(`/store/carts/${id}`)))["cart"] as Row
const change = async (url: string, body?: unknown) => (await guest.done(guest.post(url, body)))["cart"] as Row
const lampCart = (body: Json = {}) =>
  guest.cart({ items: [{ variant_id: lamp, quantity: 1 }], shipping_address: berlin, ...body })
const optionsOf = async (cartId: string, query = "") =>
  list(await guest.done(guest.get(`/store/shipping-options?cart_id=${cartId}${query}`)), "shipping_options")
const namesOf = (options: readonly Row[]) => sorted(options.map(({ name }) => name))

let made = 0

/** A zone that is one country. */
async function zoneOf(countryCode: string) {
  const geoZones = [{ type: "country" as const, countryCode }]
  const set = await shop.container
    .resolve(FulfillmentSetService)
    .create({ name: `Set ${++made}`, type: "shipping", serviceZones: [{ name: countryCode, geoZones }] })
  await shop.container.resolve(Links).add(locationFulfillmentSet, [[shop.location, set.id]])
  return { serviceZone: set.serviceZones[0]?.id as string }
}

/** Another option, for 9 euros. @returns its id. */
async function optionIn(serviceZoneId: string, shippingProfileId = shop.shippingProfile): Promise<string> {
  const { container } = shop
  const option = await container.resolve(ShippingOptionService).create({
    name: "Freight",
    serviceZoneId,
    shippingProfileId,
    providerId: "manual_manual",
    rules: [
      { attribute: "enabled_in_store", operator: "eq", value: "true" },
      { attribute: "is_return", operator: "eq", value: "false" },
    ],
  })
  const nine = { prices: [{ currencyCode: "eur", amount: "9" }] }
  const [price] = await container.resolve(PriceSetService).createMany([nine])
  await container.resolve(Links).add(shippingOptionPriceSet, [[option.id, price as string]])
  return option.id
}

describe("GET /store/shipping-options", () => {
  it("lists what reaches the address, for the profiles of the lines, with what it costs this cart", async () => {
    const { id } = await lampCart()

    const { body } = await guest.get(`/store/shipping-options?cart_id=${id}&limit=20&offset=0`)

    const options = list(body, "shipping_options")
    expect(Object.keys(body)).toEqual(["shipping_options"])
    expect(namesOf(options)).toEqual(["Express", "Standard"])
    expect(options.find(({ name }) => name === "Standard")).toMatchObject({
      id: shop.shippingOption,
      price_type: "flat",
      amount: 5,
      is_tax_inclusive: false,
      insufficient_inventory: false,
      provider_id: "manual_manual",
      provider: { id: "manual_manual", is_enabled: true },
      type: { label: "Standard", description: "In two days", code: "standard" },
      service_zone: { fulfillment_set: { type: "shipping", location: { id: shop.location, address: null } } },
      prices: [{ amount: 5, currency_code: "eur" }],
      calculated_price: { calculated_amount: 5, is_calculated_price_tax_inclusive: false },
    })
    expect(options.find(({ name }) => name === "Express")).toMatchObject({
      price_type: "calculated",
      amount: null,
      calculated_price: null,
      prices: [],
    })
  })

  it("lists the options for sending back when asked", async () => {
    const { id } = await lampCart()

    expect(namesOf(await optionsOf(id, "&is_return=true"))).toEqual(["Back"])
    expect(namesOf(await optionsOf(id, "&is_return=false"))).toEqual(["Express", "Standard"])
  })

  it("lists nothing for a cart without lines, or with nothing to send", async () => {
    const digital = await addProduct(shop, { profile: null })
    const carts = [
      await guest.cart({ shipping_address: berlin }),
      await guest.cart({ shipping_address: berlin, items: [{ variant_id: digital.variant, quantity: 1 }] }),
    ]

    expect(await Promise.all(carts.map(({ id }) => optionsOf(id)))).toEqual([[], []])
  })

  it("lists nothing that does not reach the address, and everything while there is none", async () => {
    const { serviceZone } = await zoneOf("fr")
    const french = await optionIn(serviceZone)
    const [nowhere, germany, france] = [
      await lampCart({ shipping_address: undefined }),
      await lampCart(),
      await lampCart({ shipping_address: { country_code: "fr" } }),
    ]

    const offered = await Promise.all([nowhere, germany, france].map(({ id }) => optionsOf(id)))

    expect(offered.map((options) => options.some(({ id }) => id === french))).toEqual([true, false, true])
  })

  it("says when the place that it sends from has too little", async () => {
    const { variant } = await addProduct(shop, { stock: 1 })
    const id = await guest.readyCart({ variant })
    await guest.order({ variant })

    expect((await optionsOf(id)).map((option) => option["insufficient_inventory"])).toEqual([true, true])
  })

  it("selects", async () => {
    const { id } = await lampCart()

    expect(await optionsOf(id, "&fields=name,amount,service_zone.name")).toContainEqual({
      id: shop.shippingOption,
      name: "Standard",
      amount: 5,
      service_zone: { name: "Europe" },
    })
  })

  it.each([
    ["", 400, "Field 'cart_id' is required"],
    ["cart_id=cart_x", 404, "Cart with id: cart_x was not found"],
    ["cart_id=cart_x&is_return=maybe", 400, "is_return"],
    ["cart_id=cart_x&limit=-1", 400, "limit"],
    ["cart_id=cart_x&colour=red", 400, "Unrecognized fields: 'colour'"],
    ["cart_id[]=a&cart_id[]=b", 400, "cart_id"],
  ])("of ?%s is %i", async (query, status, message) => {
    const answer = await guest.get(`/store/shipping-options?${query}`)

    expect(answer.status).toBe(status)
    expect(answer.body["message"]).toContain(message)
  })
})

describe("POST /store/carts/:id/shipping-methods", () => {
  it("adds a method with its price and taxes", async () => {
    const { id } = await lampCart()

    const cart = await change(`/store/carts/${id}/shipping-methods`, {
      option_id: shop.shippingOption,
      data: { note: "ring" },
    })
    const { body } = await guest.get(`/store/carts/${id}?fields=*shipping_methods`)

    expect(cart).toMatchObject({ shipping_subtotal: 5, shipping_tax_total: 0.95, shipping_total: 5.95, total: 29.75 })
    expect(list(cart, "shipping_methods")).toEqual([
      {
        amount: 5,
        is_tax_inclusive: false,
        shipping_option_id: shop.shippingOption,
        adjustments: [],
        tax_lines: [
          {
            id: expect.stringMatching(/^casmtxl_/),
            description: "VAT",
            code: "vat",
            rate: 19,
            provider_id: "system",
            data: null,
            metadata: null,
          },
        ],
      },
    ])
    expect(list(body["cart"] as Json, "shipping_methods")[0]).toMatchObject({
      name: "Standard",
      data: { note: "ring" },
    })
  })

  it("replaces the method of that profile, and adds one for each other", async () => {
    const bulky = await shop.container.resolve(ShippingProfileService).create({ name: "Bulky", type: "default" })
    const option = await optionIn(shop.serviceZone, bulky.id)
    const sofa = await addProduct(shop, { profile: bulky.id })
    const { id } = await lampCart()
    const url = `/store/carts/${id}/shipping-methods`
    await change(`/store/carts/${id}/line-items`, { variant_id: sofa.variant, quantity: 1 })

    await change(url, { option_id: shop.shippingOption })
    await change(url, { option_id: shop.shippingOption })
    const both = await change(url, { option_id: option })
    const replaced = await change(url, { option_id: shop.express })
    const atOnce = await change(url, [{ option_id: shop.shippingOption }, { option_id: option, data: {} }])

    const methods = (cart: Row) => list(cart, "shipping_methods").map((row) => row["shipping_option_id"])
    expect([both, replaced, atOnce].map((cart) => sorted(methods(cart)))).toEqual([
      sorted([shop.shippingOption, option]),
      sorted([shop.express, option]),
      sorted([shop.shippingOption, option]),
    ])
    expect(atOnce["shipping_subtotal"]).toBe(14)
  })

  it("asks the carrier for a price that is calculated, with what the buyer chose", async () => {
    const { id } = await lampCart()

    const cart = await change(`/store/carts/${id}/shipping-methods`, { option_id: shop.express, data: { extra: 3 } })

    expect(list(cart, "shipping_methods")[0]).toMatchObject({ amount: 10, shipping_option_id: shop.express })
    expect(cart["shipping_total"]).toBe(11.9)
  })

  it.each<[string, () => unknown, number, string, string]>([
    ["an unknown option", () => ({ option_id: "so_x" }), 400, "invalid_data", "cart.shipping_options_not_offered"],
    [
      "an option for returns",
      () => ({ option_id: shop.back }),
      400,
      "invalid_data",
      "cart.shipping_options_not_offered",
    ],
    ["no option", () => ({}), 400, "invalid_data", "request.invalid"],
    ["an empty list", () => [], 400, "invalid_data", "request.invalid"],
    ["a price", () => ({ option_id: shop.shippingOption, amount: 0 }), 400, "invalid_data", "request.invalid"],
    ["data that are none", () => ({ option_id: shop.shippingOption, data: 1 }), 400, "invalid_data", "request.invalid"],
  ])("refuses %s", async (_, body, status, type, code) => {
    const before = await lampCart()

    const answer = await guest.post(`/store/carts/${before.id}/shipping-methods`, body())

    expect(answer).toMatchObject({ status, body: { type, code } })
    expect(await read(before.id)).toEqual(before)
  })

  it("refuses an option that does not reach the cart, and drops one that no longer does", async () => {
    const french = await optionIn((await zoneOf("fr")).serviceZone)
    const { id } = await lampCart({ shipping_address: { country_code: "fr" } })
    const url = `/store/carts/${id}/shipping-methods`

    const chosen = await change(url, { option_id: french })
    const moved = await change(`/store/carts/${id}`, { shipping_address: berlin })
    const refused = await guest.post(url, { option_id: french })
    const unknown = await guest.post("/store/carts/cart_x/shipping-methods", { option_id: shop.shippingOption })

    expect([list(chosen, "shipping_methods"), list(moved, "shipping_methods")].map(({ length }) => length)).toEqual([
      1, 0,
    ])
    expect(refused).toMatchObject({ status: 400, body: { code: "cart.shipping_options_not_offered" } })
    expect(unknown.status).toBe(404)
  })
})

describe("POST /store/shipping-options/:id/calculate", () => {
  it("asks the carrier, and leaves the cart as it was", async () => {
    const before = await lampCart()

    const { status, body } = await guest.post(`/store/shipping-options/${shop.express}/calculate`, {
      cart_id: before.id,
      data: { extra: 3 },
    })
    const { body: few } = await guest.post(`/store/shipping-options/${shop.express}/calculate?fields=amount`, {
      cart_id: before.id,
    })

    expect(status).toBe(200)
    expect(body["shipping_option"]).toMatchObject({
      id: shop.express,
      name: "Express",
      amount: 10,
      calculated_price: { calculated_amount: 10 },
    })
    expect(few).toEqual({ shipping_option: { id: shop.express, amount: 7 } })
    expect(await read(before.id)).toEqual(before)
  })

  it.each<[string, () => [string, Json], number, string]>([
    ["a flat option", () => [shop.shippingOption, {}], 400, "fulfillment.price_not_calculable"],
    ["an unknown option", () => ["so_x", {}], 400, "cart.shipping_options_not_offered"],
    ["an unknown cart", () => [shop.express, { cart_id: "cart_x" }], 404, "resource.not_found"],
    ["no cart", () => [shop.express, { cart_id: undefined }], 400, "request.invalid"],
    ["an unknown field", () => [shop.express, { weight: 1 }], 400, "request.invalid"],
  ])("refuses %s", async (_, ask, status, code) => {
    const { id } = await lampCart()
    const [option, body] = ask()

    const answer = await guest.post(`/store/shipping-options/${option}/calculate`, { cart_id: id, ...body })

    expect(answer).toMatchObject({ status, body: { code } })
  })
})
