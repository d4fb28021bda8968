import { CustomerGroupService } from "@marquetry/customer"
import { ShippingOptionService, ShippingOptionTypeService } from "@marquetry/fulfillment"
import { PromotionService, type CreatePromotion } from "@marquetry/promotion"
import { CategoryService, CollectionService, TagService, TypeService } from "@marquetry/product"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PromotionRuleOptions, type PromotionKind } from "../src/index.ts"
import { berlin, openShop, type Shop } from "./shop.ts"

let shop: Shop
let options: PromotionRuleOptions

beforeAll(async () => {
  shop = await openShop()
  options = shop.resolve(PromotionRuleOptions)
})
afterAll(() => shop.close())

const idsOf = (ruleType: string, kind?: PromotionKind) => options.attributes(ruleType, kind).map(({ id }) => id)
const items = ["product", "product_category", "product_collection", "product_type", "product_tag"]

describe("what rules of promotions can be about", () => {
  it.each([
    ["rules", {}, ["customer_group", "region", "country", "sales_channel", "currency_code"]],
    ["target-rules", {}, items],
    ["target-rules", { promotionType: "buyget" }, [...items, "apply_to_quantity"]],
    ["target-rules", { applicationMethodTargetType: "shipping_methods" }, ["shipping_option_type"]],
    ["buy-rules", {}, items],
    ["buy-rules", { promotionType: "buyget" }, [...items, "buy_rules_min_quantity"]],
  ] as [string, PromotionKind, string[]][])("is, for %s of %o, %o", (ruleType, kind, ids) => {
    expect(idsOf(ruleType, kind)).toEqual(ids)
  })

  it("is a currency always, where a fixed amount is taken off", () => {
    const currency = (applicationMethodType: string) => options.attributes("rules", { applicationMethodType }).at(-1)

    expect(currency("fixed")).toMatchObject({
      id: "currency_code",
      required: true,
      disguised: true,
      fieldType: "select",
    })
    expect(currency("percentage")).toMatchObject({ required: false })
  })

  it("has no other types", () => {
    expect(() => options.attributes("sell-rules")).toThrow(
      expect.objectContaining({ code: "promotion.rule_attribute_unknown" }),
    )
  })
})

describe("a rule that is made of them", () => {
  /** Something of every kind that a rule can name, and a cart that all of it is true of. */
  async function everything() {
    const customer = await shop.withAccount("group@example.com")
    const group = await shop.resolve(CustomerGroupService).create({ name: "Friends" })
    await shop.resolve(CustomerGroupService).addCustomers(group.id, [customer.customerId])
    const category = await shop.resolve(CategoryService).create({ name: "Clothing" })
    const collection = await shop.resolve(CollectionService).create({ title: "Summer" })
    const [tag] = await shop.resolve(TagService).upsertMany(["cotton"])
    const [type] = await shop.resolve(TypeService).upsertMany(["shirt"])
    const sorted = { categoryIds: [category.id], collectionId: collection.id, tagIds: [tag!.id], typeId: type!.id }
    const { product, variantId } = await shop.addProduct({ title: "Shirt", ...sorted })
    const express = await shop.resolve(ShippingOptionTypeService).create({ label: "Express", code: "express" })
    await shop.resolve(ShippingOptionService).update(shop.filled.shippingOptionId, { typeId: express.id })
    const cartId = await shop.flow.create({ items: [{ variantId, quantity: 1 }], ...berlin }, customer)
    await shop.flow.chooseShipping(cartId, [{ optionId: shop.filled.shippingOptionId }], customer)
    const labels = new Map([
      ["customer_group", "Friends"],
      ["region", "Germany"],
      ["country", "Germany"],
      ["sales_channel", "Web"],
      ["product", product.title],
      ["product_category", "Clothing"],
      ["product_collection", "Summer"],
      ["product_type", "shirt"],
      ["product_tag", "cotton"],
      ["shipping_option_type", "Express"],
    ])
    return { customer, cartId, labels }
  }

  it("is met by a cart that it is true of, whatever it is about", async () => {
    const { customer, cartId, labels } = await everything()
    const asked = [
      ["rules", undefined],
      ["target-rules", "items"],
      ["target-rules", "shipping_methods"],
    ] as const
    const met: string[] = []

    for (const [ruleType, applicationMethodTargetType] of asked) {
      const kind = { applicationMethodTargetType }
      for (const { id, value: attribute, disguised } of options.attributes(ruleType, kind)) {
        if (disguised === true) continue
        const label = labels.get(id) as string
        const { rows } = await options.values(ruleType, id, { q: label, ...kind })
        expect(rows.map((row) => row.label)).toEqual([label])
        const code = `${ruleType}-${id}`
        const rules = [{ attribute, operator: "in" as const, values: rows.map((row) => row.value) }]
        await shop.resolve(PromotionService).create(aPromotion(code, applicationMethodTargetType, rules))
        const before = await shop.cart(cartId)
        await shop.flow.addPromotions(cartId, [code], customer)
        const after = await shop.cart(cartId)
        if (Number(after.discountTotal) > Number(before.discountTotal)) met.push(id)
      }
    }

    expect(met).toEqual([...labels.keys()])
  })
})

function aPromotion(
  code: string,
  targetType: "items" | "shipping_methods" | undefined,
  rules: NonNullable<CreatePromotion["rules"]>,
): CreatePromotion {
  const method = { type: "percentage", value: 1, allocation: "across" } as const
  const rest = { code, type: "standard", status: "active" } as const
  if (targetType === undefined) return { ...rest, rules, applicationMethod: { ...method, targetType: "items" } }
  return { ...rest, applicationMethod: { ...method, targetType, targetRules: rules } }
}

describe("values for a rule", () => {
  it("come by page, by name and by what they are", async () => {
    const first = await options.values("rules", "country", { limit: 2 })
    const next = await options.values("rules", "country", { limit: 2, offset: 2 })
    const named = await options.values("rules", "country", { q: "ENMAR" })
    const chosen = await options.values("rules", "country", { value: ["de", "fr"] })

    expect(first.rows).toHaveLength(2)
    expect(first.count).toBeGreaterThan(200)
    expect(next.rows[0]?.value).not.toBe(first.rows[0]?.value)
    expect(named).toEqual({ rows: [{ value: "dk", label: "Denmark" }], count: 1 })
    expect(chosen.rows.map(({ value }) => value)).toEqual(["de", "fr"])
    expect((await options.values("rules", "country", { q: "%" })).count).toBe(0)
  })

  it.each([
    ["rules", "product"],
    ["target-rules", "shipping_option_type"],
    ["buy-rules", "buy_rules_min_quantity"],
    ["rules", "constructor"],
    ["sell-rules", "product"],
  ])("of %s are none about %s", async (ruleType, attributeId) => {
    await expect(options.values(ruleType, attributeId)).rejects.toMatchObject({
      code: "promotion.rule_attribute_unknown",
    })
  })
})
