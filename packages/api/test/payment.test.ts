import { regionPaymentProvider } from "@marquetry/flows"
import { Links } from "@marquetry/kernel"
import { httpPayment, startFakePaymentServer, type FakePaymentServer } from "@marquetry/payment/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { berlin, customer, list, visitor, type Row, type Visitor } from "./buying.ts"
import { addProduct } from "./selling.ts"
import { openShop, type Json, type Shop } from "./shop.ts"

let shop: Shop
let bank: FakePaymentServer
let guest: Visitor
let lamp: string
beforeAll(async () => {
  bank = await startFakePaymentServer()
  shop = await openShop({ stock: 1_000, payments: [httpPayment({ url: bank.url })] })
  guest = visitor(shop)
  lamp = shop.lamp.variants[0]?.id as string
})
afterAll(async () => {
  await shop.drop()
  await bank.close()
})

const collectionOf = async (cartId: string, as = guest) =>
  (await as.done(as.post("/store/payment-collections", { cart_id: cartId })))["payment_collection"] as Row
const choose = (collectionId: string, body: unknown, as = guest) =>
  as.post(`/store/payment-collections/${collectionId}/payment-sessions`, body)
const manual = { provider_id: "pp_system_default" }

describe("POST /store/payment-collections", () => {
  it("makes one over the cart's total, and answers it again", async () => {
    const { id } = await guest.sentCart()

    const made = await collectionOf(id)
    const again = await collectionOf(id)

    expect(made).toEqual({
      id: expect.stringMatching(/^pay_col_[0-9A-HJKMNP-TV-Z]{26}$/),
      currency_code: "eur",
      amount: 29.75,
      payment_sessions: [],
    })
    expect(again).toEqual(made)
  })

  it("makes one for all who ask at once", async () => {
    const { id } = await guest.sentCart()

    const made = await Promise.all(Array.from({ length: 10 }, () => collectionOf(id)))

    expect(new Set(made.map((collection) => collection.id)).size).toBe(1)
  })

  it.each<[string, Json, number, string]>([
    ["an unknown cart", { cart_id: "cart_x" }, 404, "not_found"],
    ["no cart", {}, 400, "invalid_data"],
    ["a list of carts", { cart_id: ["cart_x"] }, 400, "invalid_data"],
    ["an amount", { cart_id: "cart_x", amount: 1 }, 400, "invalid_data"],
  ])("refuses %s", async (_, body, status, type) => {
    const answer = await guest.post("/store/payment-collections", body)

    expect([answer.status, answer.body["type"]]).toEqual([status, type])
  })

  it("refuses a cart that became an order without one", async () => {
    const { id } = await guest.cart({ email: "a@b.de" })
    await shop.composition.database.run(`update "cart"."cart" set completed_at = now() where id = $1`, [id])

    const answer = await guest.post("/store/payment-collections", { cart_id: id })

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data", code: "cart.completed" } })
  })
})

describe("POST /store/payment-collections/:id/payment-sessions", () => {
  it("chooses a provider, and another in its place", async () => {
    const { id } = await guest.sentCart()
    const collection = await collectionOf(id)

    const first = await choose(collection.id, manual)
    const { body } = await choose(collection.id, { provider_id: "pp_fake_http", data: { setup: "later" } })
    const cart = (await guest.get(`/store/carts/${id}`)).body["cart"] as Json

    expect(first).toMatchObject({ status: 200, body: { payment_collection: { id: collection.id, amount: 29.75 } } })
    const [session, ...others] = list(body["payment_collection"] as Json, "payment_sessions")
    expect(others).toEqual([])
    expect(session).toMatchObject({
      id: expect.stringMatching(/^payses_/),
      amount: 29.75,
      currency_code: "eur",
      provider_id: "pp_fake_http",
      status: "pending",
      data: { reference: session?.id },
      context: { email: "guest@example.com", customer: null },
    })
    expect(cart["payment_collection"]).toMatchObject({
      id: collection.id,
      status: "awaiting",
      payment_sessions: [{ id: session?.id }],
    })
  })

  it("tells the provider who a customer with an account is", async () => {
    const ada = await customer(shop, { first_name: "Ada" })
    const { id } = await ada.sentCart()
    const collection = await collectionOf(id, ada)

    const { body } = await choose(collection.id, manual, ada)

    expect(list(body["payment_collection"] as Json, "payment_sessions")[0]?.["context"]).toMatchObject({
      email: ada.email,
      customer: { id: ada.id, firstName: "Ada" },
    })
  })

  it("is undone by a cart that costs something else: the collection follows it", async () => {
    const { id } = await guest.sentCart()
    const paid = await guest.pay(id)

    const { body } = await guest.post(`/store/carts/${id}/line-items`, { variant_id: lamp, quantity: 1 })
    const cart = body["cart"] as Json

    expect(cart["payment_collection"]).toMatchObject({ id: paid.id, amount: 53.55, payment_sessions: [] })
    expect((await guest.complete(id)).body).toMatchObject({ code: "checkout.payment_session_missing" })
  })

  it("stays when the cart costs the same", async () => {
    const { id } = await guest.sentCart()
    const paid = await guest.pay(id)

    const { body } = await guest.post(`/store/carts/${id}`, { metadata: { note: "ring" } })

    expect((body["cart"] as Json)["payment_collection"]).toMatchObject({
      payment_sessions: [{ id: list(paid, "payment_sessions")[0]?.id }],
    })
  })

  it.each<[string, () => Json, number, string, string]>([
    [
      "a provider that there is not",
      () => ({ provider_id: "pp_none" }),
      400,
      "invalid_data",
      "checkout.payment_provider_not_offered",
    ],
    ["no provider", () => ({}), 400, "invalid_data", "request.invalid"],
    ["an amount", () => ({ ...manual, amount: 1 }), 400, "invalid_data", "request.invalid"],
    ["data that are none", () => ({ ...manual, data: [1] }), 400, "invalid_data", "request.invalid"],
  ])("refuses %s", async (_, body, status, type, code) => {
    const { id } = await guest.sentCart()
    const collection = await collectionOf(id)

    const answer = await choose(collection.id, body())

    expect(answer).toMatchObject({ status, body: { type, code } })
  })

  it("is over what the currency can pay, however fine the price is", async () => {
    const links = shop.container.resolve(Links)
    await links.add(regionPaymentProvider, [[shop.japan, "pp_system_default"]])
    const { variant } = await addProduct(shop, { profile: null, prices: [{ currencyCode: "jpy", amount: "333.3" }] })
    const { id } = await guest.cart({ region_id: shop.japan, items: [{ variant_id: variant, quantity: 2 }] })

    const { amount, payment_sessions: sessions } = await guest.pay(id)
    await links.remove(regionPaymentProvider, [[shop.japan, "pp_system_default"]])

    expect([amount, sessions]).toMatchObject([667, [{ amount: 667, currency_code: "jpy" }]])
  })

  it("refuses a provider of another region", async () => {
    const links = shop.container.resolve(Links)
    await links.add(regionPaymentProvider, [[shop.japan, "pp_system_default"]])
    const { id } = await guest.cart({ region_id: shop.japan })
    const collection = await collectionOf(id)

    const [other, own] = [
      await choose(collection.id, { provider_id: "pp_fake_http" }),
      await choose(collection.id, manual),
    ]
    await links.remove(regionPaymentProvider, [[shop.japan, "pp_system_default"]])

    expect([other.status, own.status]).toEqual([400, 200])
  })

  it("of a collection that there is not is not there", async () => {
    expect(await choose("pay_col_x", manual)).toMatchObject({ status: 404, body: { type: "not_found" } })
  })

  it("refuses once there is an order", async () => {
    const id = await guest.readyCart()
    const collection = await collectionOf(id)
    await guest.done(guest.complete(id))

    const answer = await choose(collection.id, manual)

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data", code: "cart.completed" } })
  })

  it("tells of a provider that declines, or does not answer", async () => {
    const { id } = await guest.sentCart()
    const collection = await collectionOf(id)

    bank.behave({ decline: ["initiate"] })
    const declined = await choose(collection.id, { provider_id: "pp_fake_http" })
    bank.behave({ cut: "before" })
    const silent = await choose(collection.id, { provider_id: "pp_fake_http" })
    bank.behave({})

    expect(declined).toMatchObject({
      status: 422,
      body: { type: "payment_authorization_error", code: "payment.declined" },
    })
    expect(silent).toMatchObject({ status: 503, body: { code: "payment.provider_unavailable" } })
  })
})

describe("GET /store/payment-providers", () => {
  it("lists those of a region", async () => {
    const europe = await guest.get(`/store/payment-providers?region_id=${shop.europe}`)
    const japan = await guest.get(`/store/payment-providers?region_id=${shop.japan}&limit=5&offset=0`)
    const nowhere = await guest.get(`/store/payment-providers?region_id=reg_x`)

    expect(europe.body).toEqual({
      payment_providers: [
        { id: "pp_fake_http", is_enabled: true },
        { id: "pp_system_default", is_enabled: true },
      ],
      count: 2,
      offset: 0,
      limit: 20,
    })
    expect([japan.body, nowhere.body].map((body) => body["payment_providers"])).toEqual([[], []])
  })

  it.each(["", "region_id[]=a&region_id[]=b", "region_id=x&colour=red", "region_id=x&limit=-1"])(
    "refuses ?%s",
    async (query) => {
      const { status, body } = await guest.get(`/store/payment-providers?${query}`)

      expect([status, body["type"]]).toEqual([400, "invalid_data"])
    },
  )
})

describe("completing with a provider outside", () => {
  const ready = () => guest.readyCart({ provider: "pp_fake_http" })

  it("places the order once it is authorised", async () => {
    const { status, body } = await guest.complete(await ready())
    const order = body["order"] as Row
    const { body: shown } = await guest.get(
      `/store/orders/${order.id}?fields=*payment_collections.payments,payment_status`,
    )

    expect([status, body["type"]]).toEqual([200, "order"])
    expect(shown["order"]).toMatchObject({
      payment_status: "authorized",
      payment_collections: [{ payments: [{ amount: 29.75, provider_id: "pp_fake_http", captured_at: null }] }],
    })
  })

  it.each([
    ["error", "payment_authorization_error"],
    ["requires_more", "payment_requires_more_error"],
    ["pending", "payment_requires_more_error"],
  ] as const)("answers the cart when it is %s, and the order when it is tried again", async (authorize, type) => {
    const id = await ready()
    bank.behave({ authorize })

    const refused = await guest.complete(id)
    bank.behave({})
    const { body: again } = await guest.complete(id)
    const retried = again["type"] === "order" ? again : (await guest.pay(id), (await guest.complete(id)).body)

    expect(refused).toMatchObject({
      status: 200,
      body: {
        type: "cart",
        cart: { id, total: 29.75, completed_at: null },
        error: { name: type, type, message: expect.any(String) },
      },
    })
    expect(retried).toMatchObject({ type: "order", order: { total: 29.75 } })
  })

  it("gives back what a declined card had reserved", async () => {
    const url = `/store/product-variants/${lamp}?fields=id,inventory_quantity`
    const left = async () => ((await guest.get(url)).body["variant"] as Json)["inventory_quantity"]
    const before = await left()
    const id = await ready()
    bank.behave({ decline: ["authorize"] })

    const { body } = await guest.complete(id)
    bank.behave({})

    expect(body).toMatchObject({ type: "cart", error: { type: "payment_authorization_error" } })
    expect(await left()).toBe(before)
  })

  it("keeps the cart as it is meanwhile, and tells others to wait", async () => {
    const id = await ready()
    const held = bank.hold("authorize")
    const placing = guest.complete(id)
    await held.arrived

    const changes = await Promise.all([
      guest.post(`/store/carts/${id}/line-items`, { variant_id: lamp, quantity: 1 }),
      guest.post(`/store/carts/${id}`, { shipping_address: berlin }),
      guest.post(`/store/carts/${id}/promotions`, { promo_codes: [] }),
    ])
    held.release()
    const placed = await placing

    expect(changes.map(({ status, body: { type, code } }) => [status, type, code])).toEqual(
      changes.map(() => [409, "conflict", "invalid_state_error"]),
    )
    expect(placed.body).toMatchObject({ type: "order", order: { total: 29.75 } })
  })
})
