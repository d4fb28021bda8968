import { CustomerGroupService, CustomerService } from "@marquetry/customer"
import { PromotionService } from "@marquetry/promotion"
import { aCampaign, aPromotion } from "@marquetry/promotion/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { accountsOf } from "./account-holders.ts"
import { berlin, customer, list, visitor, type Row, type Visitor } from "./buying.ts"
import { openShop, type Json, type Shop } from "./shop.ts"

let shop: Shop
let guest: Visitor
let ada: Awaited<ReturnType<typeof customer>>
let bob: Awaited<ReturnType<typeof customer>>
let lamp: string
beforeAll(async () => {
  shop = await openShop({ stock: 1_000 })
  guest = visitor(shop)
  ;[ada, bob] = [await customer(shop), await customer(shop)]
  lamp = shop.lamp.variants[0]?.id as string
})
afterAll(() => shop.drop())

const read = async (id: string, as: Visitor) =>
  (await as.done(as.get(`/store/carts/${id}?fields=%2Bcustomer_id`)))["cart"] as Row

/** Everything that can be asked about a cart. */
function everything(cart: Row, collection: Row) {
  const url = `/store/carts/${cart.id}`
  const line = list(cart, "items")[0]?.id as string
  return {
    read: (as: Visitor) => as.get(url),
    change: (as: Visitor) => as.post(url, { email: "thief@example.com" }),
    move: (as: Visitor) => as.post(url, { region_id: shop.japan }),
    add: (as: Visitor) => as.post(`${url}/line-items`, { variant_id: lamp, quantity: 1 }),
    more: (as: Visitor) => as.post(`${url}/line-items/${line}`, { quantity: 2 }),
    less: (as: Visitor) => as.post(`${url}/line-items/${line}`, { quantity: 0 }),
    drop: (as: Visitor) => as.delete(`${url}/line-items/${line}`),
    promote: (as: Visitor) => as.post(`${url}/promotions`, { promo_codes: [] }),
    demote: (as: Visitor) => as.delete(`${url}/promotions`, { promo_codes: ["X"] }),
    send: (as: Visitor) => as.post(`${url}/shipping-methods`, { option_id: shop.shippingOption }),
    sendOutside: (as: Visitor) => as.post(`${url}/shipping-methods`, { option_id: shop.express }),
    tax: (as: Visitor) => as.post(`${url}/taxes`),
    complete: (as: Visitor) => as.post(`${url}/complete`),
    options: (as: Visitor) => as.get(`/store/shipping-options?cart_id=${cart.id}`),
    calculate: (as: Visitor) => as.post(`/store/shipping-options/${shop.express}/calculate`, { cart_id: cart.id }),
    collect: (as: Visitor) => as.post("/store/payment-collections", { cart_id: cart.id }),
    choose: (as: Visitor) =>
      as.post(`/store/payment-collections/${collection.id}/payment-sessions`, { provider_id: "pp_system_default" }),
  }
}

describe("a cart of a customer with an account", () => {
  it("is not there for others, nor for guests, whatever they ask", async () => {
    const sent = await ada.sentCart()
    const collection = await ada.pay(sent.id)
    const before = await read(sent.id, ada)
    const asked = everything(sent, collection)

    const answers = await Promise.all(
      Object.entries(asked).flatMap(([name, ask]) =>
        [guest, bob].map(async (as) => {
          const { status, body } = await ask(as)
          return [name, status, body["type"]]
        }),
      ),
    )
    const taken = await bob.post(`/store/carts/${sent.id}/customer`)

    expect(answers).toEqual(Object.keys(asked).flatMap((name) => [0, 1].map(() => [name, 404, "not_found"])))
    expect(taken.status).toBe(404)
    expect(await read(sent.id, ada)).toEqual(before)
  })

  it("is not there for others once it is an order either", async () => {
    const sent = await ada.sentCart()
    const collection = await ada.pay(sent.id)
    await ada.done(ada.complete(sent.id))

    const answers = await Promise.all(
      Object.entries(everything(sent, collection)).flatMap(([name, ask]) =>
        [guest, bob].map(async (as) => [name, (await ask(as)).status]),
      ),
    )

    expect(answers.filter(([, status]) => status !== 404)).toEqual([])
  })

  it("does its owner's bidding", async () => {
    const sent = await ada.sentCart()
    const collection = await ada.pay(sent.id)
    const { move: _, ...asked } = everything(sent, collection)

    for (const name of [
      "read",
      "tax",
      "options",
      "calculate",
      "collect",
      "choose",
      "more",
      "promote",
      "add",
    ] as const) {
      expect([name, (await asked[name](ada)).status]).toEqual([name, 200])
    }
  })

  it("prices nothing for others", async () => {
    const { id } = await ada.cart()

    const answers = await Promise.all(
      [guest, bob, ada].map((as) =>
        as.get(`/store/products/${shop.lamp.id}?fields=variants.calculated_price&cart_id=${id}`),
      ),
    )

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 200])
  })
})

describe("a cart of a guest", () => {
  it("answers to anybody who knows its id", async () => {
    for (const as of [guest, bob]) {
      const sent = await guest.sentCart()
      const collection = await guest.pay(sent.id)
      const { move: _move, ...asked } = everything(sent, collection)
      for (const name of ["read", "options", "calculate", "collect", "choose", "complete"] as const) {
        expect([name, (await asked[name](as)).status]).toEqual([name, 200])
      }
    }
  })
})

describe("an order", () => {
  it("of a customer is for nobody else", async () => {
    const { id } = await ada.order()

    const answers = await Promise.all([guest, bob, ada].map((as) => as.get(`/store/orders/${id}`)))

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 200])
  })

  it("of a guest is for whoever knows its id, and on nobody's list", async () => {
    const { id } = await guest.order({ email: ada.email })

    const answers = await Promise.all([guest, bob, ada].map((as) => as.get(`/store/orders/${id}`)))
    const lists = await Promise.all([bob, ada].map((as) => as.get(`/store/orders?id=${id}`)))

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(lists.map(({ body }) => body["count"])).toEqual([0, 0])
  })

  it("is on the list of its customer, and of no other", async () => {
    const { id } = await ada.order()

    const [adas, bobs] = await Promise.all(
      [ada, bob].map(async (as) => list((await as.get("/store/orders")).body, "orders")),
    )

    expect([adas, bobs].map((orders) => orders?.some((order) => order.id === id))).toEqual([true, false])
    expect((await bob.get(`/store/orders?$or[0][id]=${id}&$or[1][status]=pending`)).body["count"]).toBe(0)
  })
})

describe("fields", () => {
  const secret = "Secret Name"
  const everywhere = [
    "*customer",
    "*customer.orders",
    "*customer.addresses",
    "*customer.groups",
    "*customer.groups.customers",
    "*payment_collection.cart.customer",
    "*items.cart.customer",
    "*promotions.carts",
    "*promotions.rules",
    "*promotions.campaign.budget",
    "*promotions.campaign.promotions",
    "*sales_channel.products",
    "*sales_channel.api_keys",
    "*checkout_attempt",
    "*order",
    "*items.variant.price_set.prices",
    "*items.product.sales_channels",
    "*items.product.collection.products",
    "*items.product.shipping_profile.products",
    "*region.payment_providers.regions",
    "*payment_collections.order.customer",
    "*changes",
    "*changes.actions",
    "*cart",
    "*shipping_profile.products",
    "*service_zone.shipping_options",
    "*provider.locations.sales_channels",
    "*shipping_methods.shipping_option.price_set",
  ]

  const email = "known@example.com"

  beforeAll(async () => {
    const { container } = shop
    const known = { firstName: secret, lastName: secret, phone: secret, metadata: { secret } }
    const [person, other] = await container.resolve(CustomerService).createMany([
      { email, ...known },
      { email: "other@example.com", ...known },
      { email: "wanted@example.com", ...known },
    ])
    const groups = container.resolve(CustomerGroupService)
    const group = await groups.create({ name: secret, metadata: { secret } })
    await groups.addCustomers(group.id, [person?.id as string, other?.id as string])
    const campaign = aCampaign({ name: secret, description: secret })
    await container.resolve(PromotionService).create(aPromotion({ code: "SUMMER", campaign, metadata: { secret } }))
  })

  it.each(everywhere)("=%s tells nothing of others", async (fields) => {
    const sent = await guest.sentCart({ email, body: { promo_codes: ["SUMMER"] } })
    const collection = await guest.pay(sent.id)
    const field = `fields=${encodeURIComponent(`id,${fields}`)}`

    const texts = await Promise.all(
      [
        guest.get(`/store/carts/${sent.id}?${field}`),
        guest.post(`/store/carts/${sent.id}?${field}`, {}),
        guest.post(`/store/payment-collections?${field}`, { cart_id: sent.id }),
        guest.get(`/store/shipping-options?cart_id=${sent.id}&${field}`),
        guest.get(`/store/payment-providers?region_id=${shop.europe}&${field}`),
        guest.get(`/store/return-reasons?${field}`),
      ].map(async (answer) => (await answer).text),
    )
    await guest.pay(sent.id)
    texts.push((await guest.post(`/store/carts/${sent.id}/complete?${field}`)).text)
    const order = (await guest.complete(sent.id)).body["order"] as Row
    texts.push((await guest.get(`/store/orders/${order.id}?${field}`)).text)

    expect(collection.id).toMatch(/^pay_col_/)
    for (const text of texts) {
      expect(text).not.toContain(secret)
      expect(text).not.toMatch(/other@example|Draft|Foreign|Unsold|pk_|token|api_key|"used":|customers/)
    }
  })

  it("show no category that is not meant for shoppers", async () => {
    const { id } = await guest.sentCart({ variant: shop.shirt.variants[0]?.id as string })
    const fields = "fields=items.product.categories.name"

    const cart = await guest.get(`/store/carts/${id}?${fields}`)
    const changed = await guest.post(`/store/carts/${id}?${fields}`, {})
    await guest.pay(id)
    const order = await guest.post(`/store/carts/${id}/complete?${fields}`)

    for (const { text } of [cart, changed, order]) {
      expect(text).toContain("Shirts")
      expect(text).not.toContain("Inactive")
    }
  })

  it("show of a session what the buyer has given, and of the guest of that address nothing", async () => {
    const { id } = await guest.sentCart({ email: "wanted@example.com" })

    const { payment_sessions: sessions } = (await guest.pay(id)) as Json

    expect(sessions).toMatchObject([{ context: { email: "wanted@example.com", customer: null } }])
  })
})

it("needs a key that is valid, whatever is asked", async () => {
  const cart = await guest.sentCart()
  const collection = await guest.pay(cart.id)
  const stranger = (key: Record<string, string>): Visitor => visitor(shop, undefined, key)
  const [unknown, none] = [
    stranger({ "x-publishable-api-key": `pk_${"a".repeat(64)}` }),
    stranger({ "x-publishable-api-key": "" }),
  ]
  const before = await read(cart.id, guest)

  const asked = {
    ...everything(cart, collection),
    create: (as: Visitor) => as.post("/store/carts", { region_id: shop.europe, shipping_address: berlin }),
    order: (as: Visitor) => as.get("/store/orders/order_x"),
    reasons: (as: Visitor) => as.get("/store/return-reasons"),
    providers: (as: Visitor) => as.get(`/store/payment-providers?region_id=${shop.europe}`),
  }
  const answers = await Promise.all(
    Object.entries(asked).flatMap(([name, ask]) =>
      [unknown, none].map(async (as) => {
        const { status, body } = await ask(as)
        return [name, status, body["type"], body["code"]]
      }),
    ),
  )

  expect(answers).toEqual(
    Object.keys(asked).flatMap((name) =>
      ["invalid", "missing"].map((fault) => [name, 400, "not_allowed", `store.publishable_key_${fault}`]),
    ),
  )
  expect(await read(cart.id, guest)).toEqual(before)
})

describe("accounts at payment providers", () => {
  it("are shown to the customer whose they are, without what is kept there, and by no cart", async () => {
    const [mine] = await accountsOf(shop.container, [ada.id, bob.id])
    const fields = "*account_holders,account_holders.data,account_holders.customer.email"
    const cart = await ada.sentCart()

    const me = await ada.done(ada.get(`/store/customers/me?fields=id,${fields}`))
    const { text } = await ada.get(`/store/carts/${cart.id}?fields=id,*customer.account_holders`)

    expect(me).toEqual({
      customer: {
        id: ada.id,
        account_holders: [
          {
            id: mine,
            provider_id: "pp_test",
            external_id: `ext_${ada.id}`,
            email: null,
            created_at: expect.any(String) as string,
            updated_at: expect.any(String) as string,
          },
        ],
      },
    })
    expect(text).not.toContain("account_holders")
  })
})
