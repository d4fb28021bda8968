import { RegionService } from "@marquetry/region"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { berlin, visitor, type Row, type Visitor } from "./buying.ts"
import { openShop, type Json, type Shop } from "./shop.ts"

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

describe("POST /store/carts/:id", () => {
  it("sets e-mail address and addresses, as they are given", async () => {
    const { id } = await guest.cart({ items: [{ variant_id: lamp, quantity: 1 }] })

    const cart = await change(`/store/carts/${id}`, {
      email: "Guest@Example.com",
      shipping_address: { ...berlin, phone: "", province: "", company: "", address_2: "", metadata: { floor: 3 } },
      billing_address: { country_code: "US" },
    })

    expect(cart).toMatchObject({
      email: "guest@example.com",
      customer: { id: expect.stringMatching(/^cus_/), email: "guest@example.com" },
      shipping_address: { ...berlin, phone: "", province: "", company: "", address_2: "" },
      billing_address: { country_code: "us", city: null },
      tax_total: 3.8,
      total: 23.8,
    })
    expect(await read(id)).toEqual(cart)
  })

  it("forgets the guest with the e-mail address", async () => {
    const { id } = await guest.cart({ email: "guest@example.com" })

    const cart = await change(`/store/carts/${id}`, { email: null })

    expect([cart["email"], cart["customer"]]).toEqual([null, null])
  })

  it("takes back the address that it answered", async () => {
    const { id } = await guest.cart({ shipping_address: berlin })
    const before = await read(id)

    const cart = await change(`/store/carts/${id}`, {
      shipping_address: before["shipping_address"],
      billing_address: before["shipping_address"],
    })

    expect(cart["shipping_address"]).toEqual(before["shipping_address"])
    expect(cart["billing_address"]).toEqual({ ...(before["shipping_address"] as Json), id: cart["billing_address_id"] })
    expect(cart["billing_address_id"]).not.toBe(before["shipping_address_id"])
  })

  it("replaces an address as a whole, and keeps its country where none is named", async () => {
    const { id } = await guest.cart({ shipping_address: berlin })

    const cart = await change(`/store/carts/${id}`, { shipping_address: { city: "Hamburg", country_code: "" } })

    expect(cart["shipping_address"]).toMatchObject({ city: "Hamburg", first_name: null, country_code: "de" })
  })

  it("merges metadata, key by key", async () => {
    const { id } = await guest.cart({ metadata: { a: 1, b: 2 } })

    const cart = await change(`/store/carts/${id}`, { metadata: { b: null, cD: { e: [1] } }, additional_data: {} })

    expect(cart["metadata"]).toEqual({ a: 1, cD: { e: [1] } })
  })

  it("moves to another region: its currency, its prices, its country", async () => {
    const ghent = await shop.container
      .resolve(RegionService)
      .create({ name: "Belgium", currencyCode: "eur", countries: ["be"] })
    const { id } = await guest.sentCart({ variant: lamp })

    const cart = await change(`/store/carts/${id}`, { region_id: ghent.id })
    const tooFar = await guest.post(`/store/carts/${id}`, { region_id: shop.japan })
    const emptied = await guest.cart({ region_id: shop.europe })

    expect(cart).toMatchObject({
      region_id: ghent.id,
      currency_code: "eur",
      shipping_methods: [],
      shipping_address: { country_code: "be" },
      tax_total: 0,
      total: 20,
    })
    expect(tooFar).toMatchObject({ status: 400, body: { code: "cart.price_missing" } })
    expect((await read(id))["region_id"]).toBe(ghent.id)
    expect(await change(`/store/carts/${emptied.id}`, { region_id: shop.japan })).toMatchObject({
      currency_code: "jpy",
    })
  })

  it.each<[string, Json, string]>([
    ["a country outside", { shipping_address: { country_code: "us" } }, "cart.country_outside_region"],
    ["an unknown region", { region_id: "reg_x" }, "cart.region_unknown"],
    ["no region at all", { region_id: null }, "request.invalid"],
    ["a foreign channel", { sales_channel_id: "sc_x" }, "cart.sales_channel_not_offered"],
    ["an unknown code", { promo_codes: ["NOTHING"] }, "promotion.unknown_code"],
    ["no e-mail address", { email: "@" }, "request.invalid"],
    ["what only new carts take", { items: [] }, "request.invalid"],
    ["a customer", { customer_id: "cus_x" }, "request.invalid"],
    ["the customer of an address", { shipping_address: { customer_id: "cus_x" } }, "request.invalid"],
    ["a completion", { completed_at: null }, "request.invalid"],
    ["half a surrogate pair", { metadata: { a: "\u{d800}" } }, "input.invalid"],
  ])("refuses %s, and leaves the cart as it was", async (_, body, code) => {
    const before = await guest.cart({ items: [{ variant_id: lamp, quantity: 1 }] })

    const answer = await guest.post(`/store/carts/${before.id}`, body)

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data", code } })
    expect(await read(before.id)).toEqual(before)
  })

  it("without anything, or without a body, changes nothing but the time", async () => {
    const { updated_at: _, ...before } = await guest.cart()

    const empty = await change(`/store/carts/${before.id}`, {})
    const bare = await shop.raw("POST", `/store/carts/${before.id}`, {
      "x-publishable-api-key": shop.token,
      "content-type": "application/json",
    })

    expect(empty).toMatchObject(before)
    expect(bare).toMatchObject({ status: 200, body: { cart: before } })
  })
})
