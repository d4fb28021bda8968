import { CustomerGroupService } from "@marquetry/customer"
import { PromotionService } from "@marquetry/promotion"
import { aBuyGet, aCampaign, aPromotion } from "@marquetry/promotion/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { berlin, customer, list, visitor, type Row, type Visitor } from "./buying.ts"
import { names, openShop, sorted, type Json, type Shop } from "./shop.ts"

let shop: Shop
let guest: Visitor
let lamp: string
beforeAll(async () => {
  shop = await openShop()
  guest = visitor(shop)
  lamp = shop.lamp.variants[0]?.id as string
  const promotions = shop.container.resolve(PromotionService)
  const order = { type: "percentage", targetType: "order", value: 10 } as const
  await promotions.createMany([
    aPromotion({ code: "TEN" }),
    aPromotion({
      code: "FIVE-OFF",
      applicationMethod: { type: "fixed", targetType: "order", value: 5, currencyCode: "eur" },
    }),
    aPromotion({
      code: "FREE-SHIPPING",
      applicationMethod: { type: "percentage", targetType: "shipping_methods", value: 100, allocation: "across" },
    }),
    aPromotion({ code: "DRAFT", status: "draft" }),
    aPromotion({ code: "ONCE", limit: 1 }),
    aPromotion({
      code: "MEMBERS",
      applicationMethod: order,
      rules: [{ attribute: "customer.groups.id", operator: "eq", values: "cusgroup_members" }],
    }),
    aPromotion({ code: "OVER", campaign: aCampaign({ endsAt: "2020-01-01T00:00:00Z" }) }),
    aBuyGet(shop.lamp.id, { code: "THIRD" }),
  ])
})
afterAll(() => shop.drop())

const read = async (id: string) => (await guest.done(guest.get(`/store/carts/${id}`)))["cart"] as Row
const change = async (url: string, body?: unknown) => (await guest.done(guest.post(url, body)))["cart"] as Row
const codesOf = (cart: Json) => list(cart, "promotions").map(({ code }) => code)
const lampCart = (quantity = 2) => guest.cart({ items: [{ variant_id: lamp, quantity }], shipping_address: berlin })

describe("promotion codes", () => {
  it("are added one after another, and say what each takes off", async () => {
    const { id } = await lampCart()

    await change(`/store/carts/${id}/promotions`, { promo_codes: ["TEN"] })
    const cart = await change(`/store/carts/${id}/promotions`, { promo_codes: ["FIVE-OFF"] })

    expect(sorted(codesOf(cart))).toEqual(["FIVE-OFF", "TEN"])
    expect(list(cart, "promotions").find(({ code }) => code === "TEN")).toEqual({
      id: expect.stringMatching(/^promo_/),
      code: "TEN",
      is_automatic: false,
      is_tax_inclusive: false,
      application_method: { value: 10, type: "percentage", currency_code: null },
    })
    expect(sorted(names(list(cart, "items")[0] as Json, "adjustments", "code"))).toEqual(["FIVE-OFF", "TEN"])
    expect(cart["discount_subtotal"]).toBe(9)
    expect(cart["total"]).toBe(36.89)
  })

  it("are as in the worked example of the contract", async () => {
    const cart = await lampCart(2)

    const { body } = await guest.post(`/store/carts/${cart.id}/promotions`, { promo_codes: ["TEN"] })

    expect(body["cart"]).toMatchObject({
      subtotal: 40,
      discount_subtotal: 4,
      discount_tax_total: 0.76,
      discount_total: 4.76,
      tax_total: 6.84,
      total: 42.84,
      original_total: 47.6,
      original_tax_total: 7.6,
    })
  })

  it("are cleared by none, replaced with the cart, and removed by name in the body of a DELETE", async () => {
    const { id } = await lampCart()
    const url = `/store/carts/${id}/promotions`

    const both = await change(url, { promo_codes: ["TEN", "FIVE-OFF"] })
    const { body: one } = await guest.delete(url, { promo_codes: ["FIVE-OFF", "NEVER-GIVEN"] })
    const replaced = await change(`/store/carts/${id}`, { promo_codes: ["FIVE-OFF"] })
    const none = await change(url, { promo_codes: [] })
    await change(url, { promo_codes: ["TEN"] })
    const cleared = await change(`/store/carts/${id}`, { promo_codes: [] })

    expect([both, one["cart"] as Row, replaced, none, cleared].map((cart) => sorted(codesOf(cart)))).toEqual([
      ["FIVE-OFF", "TEN"],
      ["TEN"],
      ["FIVE-OFF"],
      [],
      [],
    ])
    expect([none["discount_total"], cleared["discount_total"]]).toEqual([0, 0])
  })

  it("that give nothing at the moment are taken, and not shown until they give something", async () => {
    const { id } = await lampCart(2)

    const early = await change(`/store/carts/${id}/promotions`, { promo_codes: ["FREE-SHIPPING", "THIRD", "OVER"] })
    const sent = await change(`/store/carts/${id}/shipping-methods`, { option_id: shop.shippingOption })
    const three = await change(`/store/carts/${id}/line-items`, { variant_id: lamp, quantity: 1 })

    expect([codesOf(early), codesOf(sent)]).toEqual([[], ["FREE-SHIPPING"]])
    expect(sent).toMatchObject({ shipping_total: 0, shipping_discount_total: 5.95, original_shipping_total: 5.95 })
    expect(list(sent, "shipping_methods")[0]).toMatchObject({
      amount: 5,
      adjustments: [{ id: expect.stringMatching(/^casmadj_/), code: "FREE-SHIPPING", amount: 5 }],
    })
    expect(sorted(codesOf(three))).toEqual(["FREE-SHIPPING", "THIRD"])
    expect(three).toMatchObject({ item_subtotal: 60, discount_subtotal: 25, item_total: 47.6 })
  })

  it("follow the groups of the customer", async () => {
    const ada = await customer(shop)
    const groups = shop.container.resolve(CustomerGroupService)
    const members = await groups.create({ name: "Members" })
    await groups.addCustomers(members.id, [ada.id])
    await shop.container.resolve(PromotionService).create(
      aPromotion({
        code: "FOR-MEMBERS",
        rules: [{ attribute: "customer.groups.id", operator: "eq", values: members.id }],
      }),
    )
    const { id } = await guest.cart({ items: [{ variant_id: lamp, quantity: 1 }], promo_codes: ["FOR-MEMBERS"] })

    const before = await read(id)
    const { cart } = (await ada.done(ada.post(`/store/carts/${id}/customer`))) as { cart: Row }

    expect([codesOf(before), codesOf(cart)]).toEqual([[], ["FOR-MEMBERS"]])
    expect(cart).toMatchObject({ discount_total: 2, customer: { groups: [{ id: members.id }] } })
  })

  it.each(["NOTHING", "DRAFT", "ten"])("that are unknown are named: %s", async (code) => {
    const before = await lampCart()

    const answers = [
      await guest.post(`/store/carts/${before.id}/promotions`, { promo_codes: ["TEN", code] }),
      await guest.post(`/store/carts/${before.id}`, { promo_codes: [code] }),
    ]

    expect(answers.map(({ status, body }) => [status, body["type"], body["code"]])).toEqual(
      answers.map(() => [400, "invalid_data", "promotion.unknown_code"]),
    )
    for (const { body } of answers) expect(body["message"]).toContain(code)
    expect(await read(before.id)).toEqual(before)
  })

  it.each<Json>([{}, { promo_codes: "TEN" }, { promo_codes: [1] }, { promo_codes: [""] }, { codes: [] }])(
    "come as a list of texts, not as %j",
    async (body) => {
      const { id } = await guest.cart()
      const url = `/store/carts/${id}/promotions`
      const answers = [await guest.post(url, body), await guest.delete(url, body)]

      expect(answers.map(({ status, body: { type } }) => [status, type])).toEqual([
        [400, "invalid_data"],
        [400, "invalid_data"],
      ])
    },
  )

  it("of a cart that there is not are not there", async () => {
    const body = { promo_codes: ["TEN"] }
    const answers = [
      await guest.post("/store/carts/cart_x/promotions", body),
      await guest.delete("/store/carts/cart_x/promotions", body),
    ]

    expect(answers.map(({ status }) => status)).toEqual([404, 404])
  })

  it("with a limit go to one order, and the order keeps its discount", async () => {
    const wish = { variant: lamp, body: { promo_codes: ["ONCE"] } }
    const [first, second] = [await guest.readyCart(wish), await guest.readyCart(wish)]

    const placed = await guest.complete(first)
    const late = await guest.complete(second)
    const anew = await guest.post(`/store/carts/${second}`, {})

    expect(placed.body).toMatchObject({ type: "order", order: { discount_subtotal: 2 } })
    expect(late).toMatchObject({ status: 400, body: { type: "invalid_data", code: "promotion.limit_reached" } })
    expect(anew.body["cart"]).toMatchObject({ promotions: [], discount_total: 0 })
  })
})
