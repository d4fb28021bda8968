import { CategoryService, ProductService } from "@marquetry/product"
import { CustomerGroupService } from "@marquetry/customer"
import { PromotionService, type CreatePromotion } from "@marquetry/promotion"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { berlin, openShop, type Shop } from "./shop.ts"

let shop: Shop
let shirt: string
let lamp: string
let shirtProduct: string

beforeAll(async () => {
  shop = await openShop()
  const { product, variantId } = await shop.addProduct({ title: "Shirt" })
  shirt = variantId
  shirtProduct = product.id
  lamp = (await shop.addProduct({ title: "Lamp" })).variantId
})
afterAll(() => shop.close())
afterEach(() => shop.sql(`delete from "promotion"."promotion"`))

const code = (text: string) => expect.objectContaining({ code: text })
let made = 0
const promote = async (input: Partial<CreatePromotion> = {}) => {
  const promotion = await shop.resolve(PromotionService).create({
    code: `CODE${++made}`,
    type: "standard",
    status: "active",
    applicationMethod: { type: "percentage", targetType: "order", value: 10 },
    ...input,
  })
  return { id: promotion.id, code: promotion.code as string }
}
const make = (items: [string, number][], more: object = {}) =>
  shop.flow.create({ items: items.map(([variantId, quantity]) => ({ variantId, quantity })), ...more }, shop.shopper)
const discountsOf = async (id: string) => {
  const { items, shippingMethods } = await shop.cart(id)
  return [...items, ...shippingMethods].map(({ adjustments }) => adjustments.map(({ amount }) => amount))
}
/** Promotions that the cart is shown with. */
const linked = async (id: string) => {
  const { rows } = await shop.composition.query.listAny("cart", {
    fields: { promotions: { id: true } },
    filter: { id },
  })
  return rows.flatMap((row) => (row["promotions"] as { id: string }[]).map((promotion) => promotion.id))
}

describe("a code", () => {
  it("takes something off, and is linked to the cart as long as it does", async () => {
    const ten = await promote()
    const id = await make([[shirt, 2]])

    await shop.flow.addPromotions(id, [ten.code], shop.shopper)
    const cart = await shop.cart(id)
    expect(cart).toMatchObject({ promoCodes: [ten.code], discountSubtotal: "2", discountTotal: "2.38", total: "21.42" })
    expect(cart.items[0]?.adjustments).toMatchObject([
      { code: ten.code, amount: "2", promotionId: ten.id, isTaxInclusive: false },
    ])
    expect(await linked(id)).toEqual([ten.id])
    await shop.flow.removePromotions(id, [ten.code], shop.shopper)
    expect(await shop.cart(id)).toMatchObject({ promoCodes: [], discountTotal: "0", total: "23.8" })
    expect(await linked(id)).toEqual([])
  })

  it("can be named with the cart, among others, twice, and all of them removed", async () => {
    const [one, two] = [await promote(), await promote()]
    const id = await make([[shirt, 1]], { promoCodes: [one.code, one.code] })

    await shop.flow.addPromotions(id, [two.code, one.code], shop.shopper)
    expect((await shop.cart(id)).promoCodes).toEqual([one.code, two.code])
    expect(await discountsOf(id)).toEqual([["1", "0.9"]])
    await shop.flow.update(id, { promoCodes: [two.code] }, shop.shopper)
    expect(await discountsOf(id)).toEqual([["1"]])
    await shop.flow.addPromotions(id, [], shop.shopper)
    expect(await shop.cart(id)).toMatchObject({ promoCodes: [], total: "11.9" })
  })

  it.each<[string, Partial<CreatePromotion> | null]>([
    ["that there is not", null],
    ["of a draft", { status: "draft" }],
    ["of one that is not active any more", { status: "inactive" }],
  ])("%s is refused, by name, and nothing changes", async (_, input) => {
    const wanted = input === null ? "NOTHING" : (await promote(input)).code
    const fine = await promote()
    const id = await make([[shirt, 1]], { promoCodes: [fine.code] })
    const before = await shop.cart(id)

    const unknown = expect.objectContaining({ code: "promotion.unknown_code", details: { codes: [wanted] } })
    await expect(shop.flow.addPromotions(id, [fine.code, wanted], shop.shopper)).rejects.toThrow(unknown)
    await expect(shop.flow.update(id, { promoCodes: [wanted] }, shop.shopper)).rejects.toThrow(unknown)
    await expect(make([[shirt, 1]], { promoCodes: [wanted] })).rejects.toThrow(unknown)
    await expect(shop.flow.addPromotions(id, [""], shop.shopper)).rejects.toThrow(code("input.invalid"))
    await shop.flow.removePromotions(id, [wanted], shop.shopper)
    expect({ ...(await shop.cart(id)), updatedAt: null }).toEqual({ ...before, updatedAt: null })
  })

  it("that gives nothing now is remembered, and gives something once its rules are met", async () => {
    const group = await shop.resolve(CustomerGroupService).create({ name: "Friends" })
    const friends = await promote({
      rules: [{ attribute: "customer.groups.id", operator: "in", values: [group.id] }],
    })
    const shopper = await shop.withAccount("friend@example.com")
    await shop.resolve(CustomerGroupService).addCustomers(group.id, [shopper.customerId])
    const id = await make([[shirt, 1]], { promoCodes: [friends.code] })

    expect(await shop.cart(id)).toMatchObject({ promoCodes: [friends.code], discountTotal: "0" })
    expect(await linked(id)).toEqual([])
    await shop.flow.transfer(id, shopper)
    expect(await discountsOf(id)).toEqual([["1"]])
    expect(await linked(id)).toEqual([friends.id])
  })

  it("that has come to an end since gives nothing, and stays in nobody's way", async () => {
    const ended = await promote()
    const id = await make([[shirt, 1]], { promoCodes: [ended.code] })
    await shop.resolve(PromotionService).delete(ended.id)

    await shop.flow.addItems(id, [{ variantId: lamp, quantity: 1 }], shop.shopper)

    expect(await shop.cart(id)).toMatchObject({ promoCodes: [ended.code], discountTotal: "0" })
    expect(await linked(id)).toEqual([])
  })

  it("whose promotion was deleted just before the order does not become part of it", async () => {
    const ended = await promote()
    const id = await shop.readyCart(shirt, { promoCodes: [ended.code] })
    await shop.resolve(PromotionService).delete(ended.id)

    await expect(shop.complete(id)).rejects.toThrow(code("checkout.promotion_gone"))
    await shop.flow.refresh(id, shop.shopper)
    await shop.pay(id)
    await shop.complete(id)

    expect(await shop.orderOf(id)).toMatchObject({ total: "17.85", discountTotal: "0" })
  })
})

describe("promotions", () => {
  it("that are automatic come and go with their rules", async () => {
    const big = await promote({
      isAutomatic: true,
      rules: [{ attribute: "item_total", operator: "gte", values: ["20"] }],
    })
    const id = await make([[shirt, 1]])

    expect(await linked(id)).toEqual([])
    await shop.flow.addItems(id, [{ variantId: lamp, quantity: 1 }], shop.shopper)
    expect(await discountsOf(id)).toEqual([["1"], ["1"]])
    expect(await linked(id)).toEqual([big.id])
    await shop.flow.removeItem(id, (await shop.cart(id)).items[1]?.id as string, shop.shopper)
    expect(await discountsOf(id)).toEqual([[]])
    expect(await linked(id)).toEqual([])
  })

  it.each<[string, () => Promise<Partial<CreatePromotion>["applicationMethod"]>, string[][]]>([
    [
      "of one product",
      async () => ({
        type: "percentage",
        targetType: "items",
        allocation: "each",
        value: 50,
        targetRules: [{ attribute: "items.product.id", operator: "eq", values: shirtProduct }],
      }),
      [["10"], [], []],
    ],
    [
      "of a category",
      async () => {
        const category = await shop.resolve(CategoryService).create({ name: `Category ${made}` })
        await shop.resolve(ProductService).update(shirtProduct, { categoryIds: [category.id] })
        return {
          type: "fixed",
          targetType: "items",
          allocation: "each",
          value: 1,
          currencyCode: "eur",
          targetRules: [{ attribute: "items.product.categories.id", operator: "in", values: [category.id] }],
        }
      },
      [["2"], [], []],
    ],
    [
      "of shipping",
      async () => ({ type: "percentage", targetType: "shipping_methods", allocation: "each", value: 100 }),
      [[], [], ["5"]],
    ],
    [
      "over the order",
      async () => ({ type: "fixed", targetType: "order", value: 3, currencyCode: "eur" }),
      [["2"], ["1"], []],
    ],
    [
      "in another currency",
      async () => ({ type: "fixed", targetType: "order", value: 3, currencyCode: "usd" }),
      [[], [], []],
    ],
    [
      "of one piece for each two bought",
      async () => {
        const rule = { attribute: "items.product.id", operator: "eq" as const, values: shirtProduct }
        return {
          type: "percentage",
          targetType: "items",
          value: 100,
          buyRules: [rule],
          buyRulesMinQuantity: 1,
          targetRules: [rule],
          applyToQuantity: 1,
        }
      },
      [["10"], [], []],
    ],
  ])("%s", async (name, method, expected) => {
    const { code: named } = await promote({
      type: name.startsWith("of one piece") ? "buyget" : "standard",
      applicationMethod: (await method()) as CreatePromotion["applicationMethod"],
    })
    const id = await make(
      [
        [shirt, 2],
        [lamp, 1],
      ],
      { ...berlin, promoCodes: [named] },
    )
    await shop.flow.chooseShipping(id, [{ optionId: shop.filled.shippingOptionId }], shop.shopper)

    expect(await discountsOf(id)).toEqual(expected)
  })

  it("leave alone what is not to be discounted, and never go below zero", async () => {
    const fixed = await shop.addProduct({ title: "Fixed", discountable: false })
    const all = await promote({
      applicationMethod: { type: "fixed", targetType: "order", value: 1_000, currencyCode: "eur" },
    })

    const id = await make(
      [
        [shirt, 1],
        [fixed.variantId, 1],
      ],
      { promoCodes: [all.code] },
    )

    expect(await shop.cart(id)).toMatchObject({ items: [{ total: "0" }, { total: "11.9" }], total: "11.9" })
  })

  it("that contain tax take their amount off what is paid", async () => {
    const five = await promote({
      isTaxInclusive: true,
      applicationMethod: { type: "fixed", targetType: "order", value: 5, currencyCode: "eur" },
    })

    const id = await make([[shirt, 1]], { promoCodes: [five.code] })

    expect(await shop.cart(id)).toMatchObject({ originalTotal: "11.9", discountTotal: "5", total: "6.9" })
  })

  it("are counted with the order, linked to it, and end with their limit", async () => {
    const once = await promote({ limit: 1 })
    const [first, second] = await Promise.all([1, 2].map(() => shop.readyCart(shirt, { promoCodes: [once.code] })))

    await shop.complete(first as string)
    const order = await shop.orderOf(first as string)
    expect(order).toMatchObject({ discountSubtotal: "1", total: "16.66" })
    const links = await shop.sql(`select promotion_id as id from "link"."order_promotion" where order_id = $1`, [
      order?.id,
    ])
    expect(links).toEqual([{ id: once.id }])
    expect(await shop.resolve(PromotionService).get(once.id)).toMatchObject({ used: 1 })
    await expect(shop.complete(second as string)).rejects.toThrow(code("promotion.limit_reached"))
    await shop.flow.refresh(second as string, shop.shopper)
    expect(await shop.cart(second as string)).toMatchObject({ promoCodes: [once.code], total: "17.85" })
    await shop.pay(second as string)
    await shop.complete(second as string)
    expect(await shop.resolve(PromotionService).get(once.id)).toMatchObject({ used: 1 })
  })

  it("that leave nothing to pay need no payment", async () => {
    const free = await promote({ applicationMethod: { type: "percentage", targetType: "order", value: 100 } })
    const { variantId } = await shop.addProduct({ title: "Voucher", profileId: null })
    const id = await make([[variantId, 1]], { email: "ada@example.com", promoCodes: [free.code] })

    await shop.complete(id)

    expect(await shop.orderOf(id)).toMatchObject({ total: "0", discountTotal: "11.9" })
  })
})
