import { StoreService } from "@marquetry/store"
import { RegionService } from "@marquetry/region"
import { CustomerAddressService } from "@marquetry/customer"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { berlin, customer, visitor, type Row, type Visitor } from "./buying.ts"
import { openShop, type Json, type Shop } from "./shop.ts"

let shop: Shop
let guest: Visitor
let lamp: string
let shirt: string
beforeAll(async () => {
  shop = await openShop()
  guest = visitor(shop)
  lamp = shop.lamp.variants[0]?.id as string
  shirt = shop.shirt.variants[0]?.id as string
})
afterAll(() => shop.drop())

const read = async (id: string, as = guest) => (await as.done(as.get(`/store/carts/${id}`)))["cart"] as Row
const change = async (url: string, body?: unknown, as = guest) => (await as.done(as.post(url, body)))["cart"] as Row

describe("POST /store/carts", () => {
  it("makes an empty cart in the region that is named, in its currency, for the key's channel", async () => {
    const cart = await change("/store/carts", { region_id: shop.japan })

    expect(cart).toMatchObject({
      id: expect.stringMatching(/^cart_[0-9A-HJKMNP-TV-Z]{26}$/),
      region_id: shop.japan,
      currency_code: "jpy",
      sales_channel_id: shop.web,
      email: null,
      items: [],
      total: 0,
    })
    expect(await read(cart.id)).toEqual(cart)
  })

  it("takes the store's default region, else any, when none is named", async () => {
    const anywhere = await change("/store/carts")
    await shop.container.resolve(StoreService).update(shop.storeId, { defaultRegionId: shop.japan })
    const atHome = await change("/store/carts", { region_id: null })
    await shop.container.resolve(StoreService).update(shop.storeId, { defaultRegionId: null })

    expect([shop.europe, shop.japan]).toContain(anywhere["region_id"])
    expect(atHome["region_id"]).toBe(shop.japan)
  })

  it("goes to the country of a region that is only one", async () => {
    const cart = await change("/store/carts", { region_id: shop.japan })
    const open = await change("/store/carts", { region_id: shop.europe })

    expect(cart["shipping_address"]).toMatchObject({ country_code: "jp", first_name: null })
    expect(cart["shipping_address_id"]).toMatch(/^caaddr_/)
    expect([open["shipping_address"], open["shipping_address_id"]]).toEqual([null, null])
  })

  it("takes lines, addresses, an e-mail address, metadata and a locale at once", async () => {
    const cart = await change("/store/carts", {
      region_id: shop.europe,
      currency_code: "EUR",
      sales_channel_id: shop.web,
      email: "Ada@Example.com",
      locale: "de-DE",
      metadata: { campaignId: "summer" },
      shipping_address: berlin,
      billing_address: { ...berlin, address_2: "", company: "", phone: "", province: "" },
      items: [
        { variant_id: lamp, quantity: 2 },
        { variant_id: shirt, quantity: 1, metadata: { gift_wrap: true } },
      ],
      additional_data: { anything: 1 },
    })

    expect(cart).toMatchObject({
      email: "ada@example.com",
      locale: "de-DE",
      metadata: { campaignId: "summer" },
      shipping_address: { ...berlin, address_2: null },
      billing_address: { ...berlin, address_2: "", company: "", phone: "", province: "" },
      customer: { email: "ada@example.com", groups: [] },
      items: [
        { title: "Lamp", quantity: 2, unit_price: 20, compare_at_unit_price: null, metadata: null },
        { title: "Shirt", quantity: 1, unit_price: 15, compare_at_unit_price: 20, metadata: { gift_wrap: true } },
      ],
      subtotal: 55,
      tax_total: 10.45,
      total: 65.45,
    })
  })

  it("is that of the customer who is logged in, with the customer's e-mail address", async () => {
    const ada = await customer(shop)

    const cart = await change("/store/carts?fields=%2Bcustomer_id", { region_id: shop.europe, email: "x@y.de" }, ada)

    expect(cart).toMatchObject({ customer_id: ada.id, email: ada.email, customer: { id: ada.id } })
  })

  it("takes an address that the customer keeps, and nobody else's", async () => {
    const [ada, bob] = [await customer(shop), await customer(shop)]
    const kept = await shop.container
      .resolve(CustomerAddressService)
      .create(ada.id, { address1: "Am Markt 1", city: "Jena", countryCode: "de" })

    const body = { region_id: shop.europe, shipping_address: kept.id }
    const cart = await change("/store/carts", body, ada)
    const others = [await bob.post("/store/carts", body), await guest.post("/store/carts", body)]

    expect(cart["shipping_address"]).toMatchObject({ address_1: "Am Markt 1", city: "Jena", country_code: "de" })
    expect(others.map(({ status, body: { type } }) => [status, type])).toEqual([
      [404, "not_found"],
      [404, "not_found"],
    ])
  })

  it.each<[string, () => Json, string, string]>([
    ["an unknown region", () => ({ region_id: "reg_x" }), "cart.region_unknown", "reg_x"],
    [
      "a foreign channel",
      () => ({ sales_channel_id: shop.wholesale }),
      "cart.sales_channel_not_offered",
      "publishable",
    ],
    ["a closed channel", () => ({ sales_channel_id: shop.closed }), "cart.sales_channel_not_offered", "publishable"],
    ["another currency", () => ({ currency_code: "usd" }), "cart.currency_differs", "usd"],
    ["a country outside", () => ({ shipping_address: { country_code: "us" } }), "cart.country_outside_region", "us"],
    [
      "an unknown variant",
      () => ({ items: [{ variant_id: "variant_x", quantity: 1 }] }),
      "cart.variants_not_offered",
      "variant_x",
    ],
    [
      "a draft",
      () => ({ items: [{ variant_id: shop.draft.variants[0]?.id, quantity: 1 }] }),
      "cart.variants_not_offered",
      "not sold",
    ],
    [
      "a product of another channel",
      () => ({ items: [{ variant_id: shop.foreign.variants[0]?.id, quantity: 1 }] }),
      "cart.variants_not_offered",
      "not sold",
    ],
    [
      "a product of a closed channel",
      () => ({ items: [{ variant_id: shop.unsold.variants[0]?.id, quantity: 1 }] }),
      "cart.variants_not_offered",
      "not sold",
    ],
    [
      "no price there",
      () => ({ region_id: shop.japan, items: [{ variant_id: lamp, quantity: 1 }] }),
      "cart.price_missing",
      "do not have a price",
    ],
    ["an unknown code", () => ({ promo_codes: ["NOTHING"] }), "promotion.unknown_code", "NOTHING"],
    ["a fraction", () => ({ items: [{ variant_id: lamp, quantity: 1.5 }] }), "request.invalid", "items.0.quantity"],
    ["no pieces", () => ({ items: [{ variant_id: lamp, quantity: 0 }] }), "request.invalid", "too small"],
    ["no e-mail address", () => ({ email: "ada" }), "request.invalid", "email"],
    ["an unknown field", () => ({ colour: "red" }), "request.invalid", "Unrecognized fields: 'colour'"],
    [
      "an unknown field of an address",
      () => ({ shipping_address: { street: "x" } }),
      "request.invalid",
      "Unrecognized fields: 'shipping_address.street'",
    ],
    ["the name of a property", () => ({ regionId: shop.europe }), "request.invalid", "Unrecognized fields: 'regionId'"],
    ["a list", () => [] as unknown as Json, "request.invalid", "object"],
  ])("is refused for %s", async (_, body, code, message) => {
    const input = body()
    const answer = await guest.post("/store/carts", Array.isArray(input) ? input : { region_id: shop.europe, ...input })

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data", code } })
    expect(answer.body["message"]).toContain(message)
  })

  it("is refused for more than there is", async () => {
    const { status, body } = await guest.post("/store/carts", {
      region_id: shop.europe,
      items: [{ variant_id: lamp, quantity: 11 }],
    })

    expect([status, body["type"], body["code"]]).toEqual([400, "not_allowed", "insufficient_inventory"])
  })
})

describe("GET /store/carts/:id", () => {
  it("selects as the starter does", async () => {
    const cart = await guest.sentCart({ variant: shirt })
    const fields =
      "*items, *region, *items.product, *items.variant, *items.thumbnail, *items.metadata, +items.total, *promotions, +shipping_methods.name"

    const { body } = await guest.get(`/store/carts/${cart.id}?fields=${encodeURIComponent(fields)}`)
    const { body: few } = await guest.get(`/store/carts/${cart.id}?fields=id,region_id`)

    expect(body["cart"]).toMatchObject({
      id: cart.id,
      items: [{ total: 17.85, subtotal: 15, product: { title: "Shirt" }, variant: { sku: "S-B", title: "S / Blue" } }],
      region: { name: "Europe", countries: [{ iso_2: "de" }, { iso_2: "fr" }] },
      promotions: [],
      shipping_methods: [{ name: "Standard", amount: 5, shipping_option_id: shop.shippingOption }],
    })
    expect(few).toEqual({ cart: { id: cart.id, region_id: shop.europe } })
  })

  it("adds up, on request, to what is stated of lines, methods and the cart", async () => {
    const { id } = await guest.sentCart({ variant: lamp, quantity: 3 })

    const { body } = await guest.get(
      `/store/carts/${id}?fields=%2Boriginal_subtotal,%2Bshipping_methods.total,%2Bshipping_methods.tax_total,%2Bitems.subtitle,%2Bitems.is_discountable,%2Bitems.discount_total,%2Bitems.original_total`,
    )

    expect(body["cart"]).toMatchObject({
      original_subtotal: 65,
      item_total: 71.4,
      shipping_total: 5.95,
      total: 77.35,
      shipping_methods: [{ total: 5.95, tax_total: 0.95 }],
      items: [{ subtitle: "Lamp", is_discountable: true, discount_total: 0, original_total: 71.4 }],
    })
  })

  it.each([
    ["cart_x", 404, "not_found"],
    ["cart_01ARZ3NDEKTSV4RRFFQ69G5FAV", 404, "not_found"],
    ["%00", 400, "invalid_data"],
  ])("of %s is %i", async (id, status, type) => {
    const answer = await guest.get(`/store/carts/${id}`)

    expect([answer.status, answer.body["type"]]).toEqual([status, type])
  })

  it("does not go deeper than three relations, nor take other parameters", async () => {
    const { id } = await guest.cart()
    const answers = await Promise.all(
      ["fields=items.variant.product.title", "fields=items.variant.product.type.value", "colour=red"].map((query) =>
        guest.get(`/store/carts/${id}?${query}`),
      ),
    )

    expect(answers.map(({ status }) => status)).toEqual([200, 400, 400])
  })
})

describe("POST /store/carts/:id/customer", () => {
  it("hands a guest's cart to who is logged in", async () => {
    const ada = await customer(shop)
    const { id } = await guest.cart({ email: "guest@example.com", items: [{ variant_id: lamp, quantity: 1 }] })

    const bare = await shop.raw("POST", `/store/carts/${id}/customer`, {
      "x-publishable-api-key": shop.token,
      authorization: `Bearer ${ada.token}`,
      "content-type": "application/json",
    })
    const again = await change(`/store/carts/${id}/customer`, {}, ada)

    expect(bare).toMatchObject({ status: 200, body: { cart: { email: ada.email, customer: { id: ada.id } } } })
    expect(again).toMatchObject({ email: ada.email, items: [{ quantity: 1 }] })
  })

  it("asks for a login", async () => {
    const { id } = await guest.cart()

    const answers = [await guest.post(`/store/carts/${id}/customer`), await guest.post(`/store/carts/cart_x/customer`)]

    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [401, { message: "Unauthorized" }],
      [401, { message: "Unauthorized" }],
    ])
    expect((await read(id))["customer"]).toBeNull()
  })
})

describe("POST /store/carts/:id/taxes", () => {
  it("computes them where the region does not by itself, and selects by its body too", async () => {
    const byHand = await shop.container
      .resolve(RegionService)
      .create({ name: "By hand", currencyCode: "eur", countries: [], automaticTaxes: false })
    await shop.container.resolve(RegionService).update(shop.europe, { automaticTaxes: false })
    const { id } = await guest.cart({ items: [{ variant_id: lamp, quantity: 1 }], shipping_address: berlin })

    const before = await read(id)
    const cart = await change(`/store/carts/${id}/taxes`)
    const chosen = await change(`/store/carts/${id}/taxes`, { fields: "id,tax_total" })
    await shop.container.resolve(RegionService).update(shop.europe, { automaticTaxes: true })

    expect([before["tax_total"], cart["tax_total"], byHand.automaticTaxes]).toEqual([0, 3.8, false])
    expect(chosen).toEqual({ id, tax_total: 3.8 })
    expect((await guest.post("/store/carts/cart_x/taxes")).status).toBe(404)
  })
})
