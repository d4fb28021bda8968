import { PromotionService } from "@marquetry/promotion"
import { aPromotion } from "@marquetry/promotion/testing"
import { VariantService } from "@marquetry/product"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { berlin, customer, list, visitor, type Row, type Visitor } from "./buying.ts"
import { addProduct } from "./selling.ts"
import { openShop, type Json, type Shop } from "./shop.ts"

let shop: Shop
let guest: Visitor
let lamp: string
beforeAll(async () => {
  shop = await openShop({ stock: 1_000 })
  guest = visitor(shop)
  lamp = shop.lamp.variants[0]?.id as string
})
afterAll(() => shop.drop())

const read = async (id: string) => (await guest.done(guest.get(`/store/carts/${id}`)))["cart"] as Row
const sql = <Value extends object>(text: string, values: unknown[]) =>
  shop.composition.database.sql<Value>(text, values)

describe("POST /store/carts/:id/complete", () => {
  it("places the order, and closes the cart", async () => {
    const { variant, inventoryItem } = await addProduct(shop, { stock: 5 })
    const id = await guest.readyCart({ variant, quantity: 2, body: { metadata: { note: "ring" } } })
    const cart = await read(id)

    const { status, body } = await shop.raw("POST", `/store/carts/${id}/complete`, {
      "x-publishable-api-key": shop.token,
      "content-type": "application/json",
    })

    const order = body["order"] as Row
    expect([status, Object.keys(body)]).toEqual([200, ["type", "order"]])
    expect(order).toMatchObject({
      id: expect.stringMatching(/^order_/),
      status: "pending",
      display_id: expect.any(Number),
      email: "guest@example.com",
      currency_code: "eur",
      items: [{ title: "Thing", quantity: 2, unit_price: 20, detail: { quantity: 2, fulfilled_quantity: 0 } }],
      shipping_methods: [{ name: "Standard", amount: 5 }],
      shipping_address: berlin,
      payment_collections: [{ status: "authorized", amount: 53.55, authorized_amount: 53.55 }],
      summary: { current_order_total: 53.55, paid_total: 0, pending_difference: 53.55 },
    })
    for (const name of Object.keys(order).filter((key) => key.endsWith("total"))) {
      expect([name, order[name]]).toEqual([name, cart[name] ?? order[name]])
    }
    const after = await read(id)
    expect(after["completed_at"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const held = await sql<{ quantity: string }>(
      `select sum(quantity)::text as quantity from "inventory"."reservation" where inventory_item_id = $1`,
      [inventoryItem],
    )
    expect(held).toEqual([{ quantity: "2" }])
  })

  it("answers the same order as often as it is asked", async () => {
    const id = await guest.readyCart()

    const answers = [await guest.complete(id), await guest.complete(id), await guest.complete(id)]

    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers[0]?.body["type"]).toBe("order")
  })

  it("places one order for twenty who ask at once", async () => {
    const id = await guest.readyCart()

    const answers = await Promise.all(Array.from({ length: 20 }, () => guest.complete(id)))

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(await sql(`select id from "order"."order" where cart_id = $1`, [id])).toHaveLength(1)
  })

  it("selects of the order", async () => {
    const { body } = await guest.post(`/store/carts/${await guest.readyCart()}/complete?fields=id,total,items.title`)

    expect(body).toEqual({
      type: "order",
      order: { id: expect.stringMatching(/^order_/), total: 29.75, items: [{ title: "Lamp" }] },
    })
  })

  it("numbers orders upwards", async () => {
    const numbers = [await guest.order(), await guest.order(), await guest.order()].map((order) =>
      Number(order["display_id"]),
    )

    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other))
    expect(new Set(numbers).size).toBe(3)
  })

  it("needs no payment for what costs nothing, and no shipping for what is not sent", async () => {
    await shop.container
      .resolve(PromotionService)
      .create(aPromotion({ code: "ALL", applicationMethod: { type: "percentage", targetType: "order", value: 100 } }))
    const { variant } = await addProduct(shop, { profile: null })
    const { id } = await guest.cart({
      email: "a@b.de",
      items: [{ variant_id: variant, quantity: 1 }],
      promo_codes: ["ALL"],
    })

    const { body } = await guest.complete(id)

    expect(body).toMatchObject({ type: "order", order: { total: 0, discount_total: 20, payment_collections: [] } })
  })

  const thing = () => ({ items: [{ variant_id: lamp, quantity: 1 }] })
  it.each<[string, () => Promise<string>, string]>([
    ["without lines", async () => (await guest.cart({ email: "a@b.de" })).id, "checkout.cart_empty"],
    [
      "without an e-mail address",
      async () => (await guest.cart({ ...thing(), shipping_address: berlin })).id,
      "checkout.email_missing",
    ],
    [
      "without an address",
      async () => (await guest.cart({ ...thing(), email: "a@b.de" })).id,
      "checkout.shipping_address_missing",
    ],
    [
      "without a shipping method",
      async () => (await guest.cart({ ...thing(), email: "a@b.de", shipping_address: berlin })).id,
      "checkout.shipping_method_missing",
    ],
    ["without a payment", async () => (await guest.sentCart()).id, "checkout.payment_session_missing"],
  ])("refuses a cart %s, which stays open", async (_, make, code) => {
    const id = await make()
    const before = await read(id)

    const answer = await guest.complete(id)

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data", code } })
    expect(await read(id)).toEqual(before)
  })

  it("refuses when the last piece has gone: no order, and the cart stays open", async () => {
    const { variant } = await addProduct(shop, { stock: 1 })
    const [first, second] = [await guest.readyCart({ variant }), await guest.readyCart({ variant })]
    await guest.done(guest.complete(first))
    const before = await read(second)

    const answer = await guest.complete(second)

    expect(answer).toMatchObject({ status: 400, body: { type: "not_allowed", code: "insufficient_inventory" } })
    expect(await read(second)).toEqual(before)
    expect(await sql(`select id from "order"."order" where cart_id = $1`, [second])).toEqual([])
  })

  it("refuses a line whose variant was deleted", async () => {
    const { variant } = await addProduct(shop, { variants: [{ title: "One" }] })
    const id = await guest.readyCart({ variant })
    await shop.container.resolve(VariantService).delete(variant)

    const answer = await guest.complete(id)

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data", code: "cart.variants_not_offered" } })
  })

  it.each([
    ["an unknown cart", "cart_x", {}, 404],
    ["a body", "cart_x", { colour: "red" }, 400],
  ])("refuses %s", async (_, id, body, status) => {
    expect((await guest.post(`/store/carts/${id}/complete`, body)).status).toBe(status)
  })
})

describe("a cart that became an order", () => {
  it("refuses every change", async () => {
    const ada = await customer(shop)
    const id = await guest.readyCart()
    const line = list(await read(id), "items")[0]?.id
    await guest.done(guest.complete(id))
    const before = await read(id)
    const url = `/store/carts/${id}`

    const answers = await Promise.all([
      guest.post(url, { email: "new@example.com" }),
      guest.post(url, {}),
      guest.post(`${url}/line-items`, { variant_id: lamp, quantity: 1 }),
      guest.post(`${url}/line-items/${line}`, { quantity: 2 }),
      guest.delete(`${url}/line-items/${line}`),
      guest.post(`${url}/promotions`, { promo_codes: [] }),
      guest.delete(`${url}/promotions`, { promo_codes: [] }),
      guest.post(`${url}/shipping-methods`, { option_id: shop.shippingOption }),
      guest.post(`${url}/shipping-methods`, { option_id: shop.express }),
      guest.post(`${url}/taxes`),
      ada.post(`${url}/customer`),
    ])

    expect(answers.map(({ status, body: { type, code } }) => [status, type, code])).toEqual(
      answers.map(() => [400, "invalid_data", "cart.completed"]),
    )
    expect(await read(id)).toEqual(before)
  })

  it("is a snapshot: what changes later does not show", async () => {
    const { product, variant } = await addProduct(shop, { title: "Old name" })
    const order = await guest.order({ variant })
    await sql(`update "product"."product" set title = 'New name' where id = $1`, [product.id])

    const { body } = await guest.get(`/store/orders/${order.id}?fields=*items.product`)

    expect((body["order"] as Json)["items"]).toMatchObject([{ title: "Old name", product: { title: "New name" } }])
  })
})
