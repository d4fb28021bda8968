import { describe, expect, it } from "vitest"
import {
  aBudget,
  aCandidate,
  aCart,
  aMethod,
  anItem,
  at,
  inCampaign,
  is,
  isProduct,
  takenOff,
} from "../../test/carts.ts"
import { computePromotions, type CandidateMethod, type CandidatePromotion, type PromotionCart } from "../index.ts"

type Method = Partial<CandidateMethod>
const compute = (cart: PromotionCart, ...promotions: CandidatePromotion[]) => computePromotions(cart, promotions, at)
const fixed = (value: string, method: Method = {}): Method => ({ type: "fixed", value, ...method })

describe("standard promotions", () => {
  // a: 3 × 10.00, b: 1 × 20.00, c: 2 × 2.50, of which only a and b are meant where there is a rule.
  const cart = aCart(
    [anItem("a", 3, 30), anItem("b", 1, 20), anItem("c", 2, 5)],
    [aMethod("x", "4.99"), aMethod("y", 10)],
  )
  const targetRules = [isProduct("a", "b")]

  it.each<[string, Method, Record<string, string>]>([
    ["10 % across all", { value: "10" }, { a: "3", b: "2", c: "0.5" }],
    ["10 % across two", { value: "10", targetRules }, { a: "3", b: "2" }],
    ["100 % across all", { value: "100" }, { a: "30", b: "20", c: "5" }],
    ["12.5 % across all", { value: "12.5" }, { a: "3.75", b: "2.5", c: "0.63" }],
    ["10 % of each", { allocation: "each" }, { a: "3", b: "2", c: "0.5" }],
    ["10 % of one unit of each", { allocation: "each", maxQuantity: 1 }, { a: "1", b: "2", c: "0.25" }],
    ["10 % of two units of each", { allocation: "each", maxQuantity: 2, targetRules }, { a: "2", b: "2" }],
    ["50 % once, of the cheapest unit", { allocation: "once", value: "50" }, { c: "1.25" }],
    ["50 % once, of the three cheapest", { allocation: "once", value: "50", maxQuantity: 3 }, { a: "5", c: "2.5" }],
    ["50 % once, of the cheapest meant", { allocation: "once", value: "50", targetRules }, { a: "5" }],
    ["10 across all", fixed("10"), { a: "5.45", b: "3.64", c: "0.91" }],
    ["10 across two", fixed("10", { targetRules }), { a: "6", b: "4" }],
    ["more than all across all", fixed("1000"), { a: "30", b: "20", c: "5" }],
    ["2 off each unit", fixed("2", { allocation: "each" }), { a: "6", b: "2", c: "4" }],
    ["3 off each unit, down to nothing", fixed("3", { allocation: "each" }), { a: "9", b: "3", c: "5" }],
    ["4 off one unit of each", fixed("4", { allocation: "each", maxQuantity: 1 }), { a: "4", b: "4", c: "2.5" }],
    ["4 once", fixed("4", { allocation: "once", targetRules }), { a: "4" }],
    ["4 once, of four units", fixed("4", { allocation: "once", maxQuantity: 4 }), { a: "8", c: "5" }],
    ["10 % of the order", { targetType: "order" }, { a: "3", b: "2", c: "0.5" }],
    ["11 off the order", fixed("11", { targetType: "order" }), { a: "6", b: "4", c: "1" }],
    ["10 % of shipping", { targetType: "shipping_methods" }, { x: "0.5", y: "1" }],
    [
      "100 % of each shipping",
      { targetType: "shipping_methods", allocation: "each", value: "100" },
      { x: "4.99", y: "10" },
    ],
    ["5 off each shipping", fixed("5", { targetType: "shipping_methods", allocation: "each" }), { x: "4.99", y: "5" }],
    ["3 off shipping together", fixed("3", { targetType: "shipping_methods" }), { x: "1", y: "2" }],
    ["all of shipping once", { targetType: "shipping_methods", allocation: "once", value: "100" }, { x: "4.99" }],
    [
      "one kind of shipping",
      {
        targetType: "shipping_methods",
        value: "100",
        targetRules: [is("shipping_option.shipping_option_type_id", "y")],
      },
      { y: "10" },
    ],
  ])("takes %s", (_, method, expected) => {
    const result = compute(cart, aCandidate(method))

    expect(takenOff(result)).toEqual(expected)
    expect(result.verdicts).toMatchObject([{ code: "CODE", applied: true, reason: "applied" }])
  })

  it("names the promotion with every amount, and sums them up in its verdict", () => {
    const promotion = aCandidate(fixed("10", { description: "Welcome" }), { code: "HELLO", id: "promo_1" })

    const { itemAdjustments, verdicts } = compute(cart, promotion)

    expect(itemAdjustments.map(({ amount, ...rest }) => [String(amount), rest])).toEqual(
      [
        ["5.45", "a"],
        ["3.64", "b"],
        ["0.91", "c"],
      ].map(([amount, itemId]) => [
        amount,
        { itemId, promotionId: "promo_1", code: "HELLO", isTaxInclusive: false, description: "Welcome" },
      ]),
    )
    expect(String(verdicts[0]?.amount)).toBe("10")
  })

  it.each([
    ["jpy", "100", ["1000", "500"], { a: "67", b: "33" }],
    ["kwd", "0.1", ["1.000", "0.500"], { a: "0.067", b: "0.033" }],
  ])("rounds to the digits of %s", (currencyCode, value, [a, b], expected) => {
    const cart = aCart([anItem("a", 1, a as string), anItem("b", 1, b as string)], [], { currencyCode })

    expect(takenOff(compute(cart, aCandidate(fixed(value, { currencyCode }))))).toEqual(expected)
  })

  it("takes part of a unit where quantities are no whole numbers", () => {
    const cart = aCart([anItem("cheese", "2.5", 50)])

    expect(takenOff(compute(cart, aCandidate(fixed("3", { allocation: "each" }))))).toEqual({ cheese: "7.5" })
    expect(takenOff(compute(cart, aCandidate({ allocation: "each", maxQuantity: 2 })))).toEqual({ cheese: "4" })
  })

  it.each<[string, PromotionCart]>([
    ["what is not discountable", aCart([anItem("a", 1, 10, { isDiscountable: false })])],
    ["an empty cart", aCart([])],
    ["what costs nothing", aCart([anItem("a", 1, 0)])],
    ["no quantity", aCart([anItem("a", 0, 10)])],
    ["less than half a minor unit", aCart([anItem("a", 1, "0.0049")])],
    ["a negative line", aCart([anItem("a", 1, -5)])],
  ])("takes nothing from %s", (_, cart) => {
    for (const method of [{ value: "100" }, fixed("5", { allocation: "each" }), fixed("5", { targetType: "order" })]) {
      const result = compute(cart, aCandidate(method))

      expect(takenOff(result)).toEqual({})
      expect(result.verdicts).toMatchObject([{ applied: false, reason: "nothing_to_discount" }])
    }
  })

  it("takes of a price with more decimals what is paid for it", () => {
    const cart = aCart([anItem("a", 3, "1.005"), anItem("b", 1, "1.0049")])

    expect(takenOff(compute(cart, aCandidate({ value: "100" })))).toEqual({ a: "1.01", b: "1" })
  })

  it("leaves lines that are not discountable out of the share", () => {
    const cart = aCart([anItem("a", 1, 10), anItem("b", 1, 10, { isDiscountable: false })])

    expect(takenOff(compute(cart, aCandidate(fixed("6", { targetType: "order" }))))).toEqual({ a: "6" })
  })
})

describe("buyget", () => {
  const get = (method: Method, cart: PromotionCart) =>
    compute(
      cart,
      aCandidate(
        { value: "100", allocation: "each", buyRulesMinQuantity: 2, applyToQuantity: 1, ...method },
        { type: "buyget" },
      ),
    )
  const same: Method = { buyRules: [isProduct("a")], targetRules: [isProduct("a")] }
  const other: Method = { buyRules: [isProduct("a")], targetRules: [isProduct("b")] }
  const any: Method = { buyRules: [isProduct("a", "b", "c")], targetRules: [isProduct("a", "b", "c")] }

  it.each<[string, Method, ReturnType<typeof anItem>[], Record<string, string>]>([
    ["the third of one product", same, [anItem("a", 3, 30)], { a: "10" }],
    ["every third", same, [anItem("a", 8, 80)], { a: "20" }],
    ["one, where it says so", { ...same, maxQuantity: 1 }, [anItem("a", 9, 90)], { a: "10" }],
    ["another product", other, [anItem("a", 2, 30), anItem("b", 1, 8)], { b: "8" }],
    ["another product as often as it was bought", other, [anItem("a", 5, 50), anItem("b", 9, 90)], { b: "20" }],
    ["the cheapest of several", any, [anItem("a", 1, 30), anItem("b", 1, 20), anItem("c", 1, 10)], { c: "10" }],
    ["the cheapest units of one line", any, [anItem("a", 4, 40), anItem("c", 2, 4)], { c: "4" }],
    ["half off", { ...same, value: "50" }, [anItem("a", 3, 30)], { a: "5" }],
    [
      "a fixed amount off",
      { ...same, type: "fixed", currencyCode: "eur", value: "4" },
      [anItem("a", 6, 60)],
      { a: "8" },
    ],
    [
      "at most what it costs",
      { ...other, type: "fixed", currencyCode: "eur", value: "40" },
      [anItem("a", 2, 9), anItem("b", 1, 8)],
      { b: "8" },
    ],
    ["two for two", { ...same, applyToQuantity: 2 }, [anItem("a", 4, 40)], { a: "20" }],
    ["what there is of two", { ...same, applyToQuantity: 2 }, [anItem("a", 3, 30)], { a: "10" }],
    [
      "what three of a bound of two leave",
      { ...same, applyToQuantity: 3, maxQuantity: 4 },
      [anItem("a", 10, 100)],
      { a: "40" },
    ],
    [
      "what cannot be got is bought first",
      { buyRules: [isProduct("a", "b")], targetRules: [isProduct("b")] },
      [anItem("a", 2, 2), anItem("b", 1, 50)],
      { b: "50" },
    ],
    [
      "what is not discountable is bought",
      any,
      [anItem("a", 2, 30, { isDiscountable: false }), anItem("b", 1, 20)],
      { b: "20" },
    ],
    ["units of several lines together", any, [anItem("a", 1, 30), anItem("b", 1, 30), anItem("c", 4, 40)], { c: "20" }],
    ["whole units only", same, [anItem("a", "3.9", 39)], { a: "10" }],
    ["of a million as of three", same, [anItem("a", 3_000_000, 30_000_000)], { a: "10000000" }],
  ])("gives %s", (_, method, items, expected) => {
    expect(takenOff(get(method, aCart(items)))).toEqual(expected)
  })

  it.each<[string, Method, ReturnType<typeof anItem>[], string]>([
    ["too little is bought", other, [anItem("a", 1, 10), anItem("b", 5, 50)], "buy_rules_not_met"],
    ["there is nothing to get", other, [anItem("a", 5, 10)], "nothing_to_discount"],
    ["what is bought would be got", same, [anItem("a", 2, 20)], "nothing_to_discount"],
    [
      "what is got is not discountable",
      other,
      [anItem("a", 2, 9), anItem("b", 1, 8, { isDiscountable: false })],
      "nothing_to_discount",
    ],
  ])("gives nothing where %s", (_, method, items, reason) => {
    const result = get(method, aCart(items))

    expect(takenOff(result)).toEqual({})
    expect(result.verdicts).toMatchObject([{ applied: false, reason }])
  })
})

describe("several promotions", () => {
  it("are applied to what the earlier ones left: buyget, items, shipping, order; percentages first", () => {
    const cart = aCart([anItem("a", 3, 300)], [aMethod("x", 10)])
    const buyRules = [isProduct("a")]
    const promotions = [
      aCandidate(fixed("10", { targetType: "order" }), { code: "ORDER-10" }),
      aCandidate({ targetType: "order", value: "50" }, { code: "ORDER-HALF" }),
      aCandidate({ targetType: "shipping_methods", value: "100" }, { code: "SHIP", isAutomatic: true }),
      aCandidate(fixed("20"), { code: "ITEMS-20" }),
      aCandidate({ value: "10" }, { code: "ITEMS-A" }),
      aCandidate({ value: "10" }, { code: "ITEMS-B", isAutomatic: true }),
      aCandidate({ value: "25" }, { code: "ITEMS-QUARTER" }),
      aCandidate(
        { value: "100", buyRules, targetRules: buyRules, buyRulesMinQuantity: 2, applyToQuantity: 1 },
        { code: "THIRD", type: "buyget" },
      ),
    ]

    const { verdicts } = compute(cart, ...promotions)

    expect(verdicts.map(({ code, amount }) => `${code} ${String(amount)}`)).toEqual([
      "THIRD 100",
      "ITEMS-QUARTER 50",
      "ITEMS-A 15",
      "ITEMS-B 13.5",
      "ITEMS-20 20",
      "SHIP 10",
      "ORDER-HALF 50.75",
      "ORDER-10 10",
    ])
  })

  it("say that nothing is left", () => {
    const all = aCandidate({ value: "100" }, { code: "ALL" })
    const more = aCandidate(fixed("1"), { code: "MORE" })

    expect(compute(aCart([anItem("a", 1, 5)]), more, all).verdicts.map(({ reason }) => reason)).toEqual([
      "applied",
      "nothing_to_discount",
    ])
  })
})

describe("tax", () => {
  const gross = { isTaxInclusive: true, taxRate: 21 }
  const net = { isTaxInclusive: false, taxRate: 21 }

  it.each<[string, Partial<typeof gross>, Method, boolean, [string, boolean]]>([
    ["a percentage of a price with tax has tax", gross, { value: "10" }, false, ["12.1", true]],
    ["a percentage of a price without tax has none", net, { value: "10" }, true, ["12.1", false]],
    ["an amount off a price with tax has tax", gross, fixed("5"), false, ["5", true]],
    ["an amount with tax off a price with tax has tax", gross, fixed("5"), true, ["5", true]],
    ["an amount off a price without tax has none", net, fixed("5"), false, ["5", false]],
    ["an amount with tax off a price without tax has tax", net, fixed("5"), true, ["5", true]],
    ["all of a price without tax is more with tax", net, fixed("500"), true, ["146.41", true]],
    ["without a rate it is the same", { isTaxInclusive: false }, fixed("500"), true, ["121", true]],
  ])("%s", (_, terms, method, isTaxInclusive, [amount, flag]) => {
    const result = compute(aCart([anItem("a", 1, 121, terms)]), aCandidate(method, { isTaxInclusive }))

    expect(result.itemAdjustments.map((a) => [String(a.amount), a.isTaxInclusive])).toEqual([[amount, flag]])
  })

  it("shares an amount with tax by what lines are worth with tax", () => {
    const cart = aCart([anItem("a", 1, 121, gross), anItem("b", 1, 100, net)], [aMethod("x", 5, gross)])

    const result = compute(cart, aCandidate(fixed("24.20"), { isTaxInclusive: true }))

    expect(takenOff(result)).toEqual({ a: "12.1", b: "12.1" })
  })

  it("keeps what an amount with tax leaves of a price without for the next", () => {
    const first = aCandidate(fixed("60.50"), { isTaxInclusive: true, code: "A" })
    const second = aCandidate(fixed("60"), { code: "B" })

    const result = compute(aCart([anItem("a", 1, 100, net)]), first, second)

    expect(result.verdicts.map(({ code, amount }) => `${code} ${String(amount)}`)).toEqual(["A 60.5", "B 50"])
  })
})

describe("verdicts", () => {
  const cart = aCart([anItem("a", 1, 100)], [], {
    customerId: "cus_1",
    email: "a@example.com",
    attributes: { "region.id": "reg_1", "customer.groups.id": ["vip", "staff"] },
  })
  const reasonOf = (promotion: CandidatePromotion, given = cart) => compute(given, promotion).verdicts[0]?.reason

  it.each<[string, CandidatePromotion]>([
    ["draft", aCandidate({}, { status: "draft" })],
    ["inactive", aCandidate({}, { status: "inactive" })],
    ["campaign_not_started", aCandidate({}, inCampaign(null, "2026-06-01T12:00:00.001Z"))],
    ["applied", aCandidate({}, inCampaign(null, "2026-06-01T12:00:00.000Z", "2026-06-01T12:00:00.000Z"))],
    ["campaign_ended", aCandidate({}, inCampaign(null, null, "2026-06-01T11:59:59.999Z"))],
    ["limit_reached", aCandidate({}, { limit: 3, used: 3 })],
    ["applied", aCandidate({}, { limit: 3, used: 2 })],
    ["budget_exhausted", aCandidate({}, inCampaign(aBudget({ limit: "3", used: "3" })))],
    ["applied", aCandidate({}, inCampaign(aBudget({ limit: "3", used: "2" })))],
    ["applied", aCandidate({}, inCampaign(aBudget({ limit: null, used: "9" })))],
    [
      "budget_exhausted",
      aCandidate({}, inCampaign(aBudget({ type: "spend", currencyCode: "eur", limit: "50", used: "40.01" }))),
    ],
    ["applied", aCandidate({}, inCampaign(aBudget({ type: "spend", currencyCode: "eur", limit: "50", used: "40" })))],
    ["currency_differs", aCandidate({}, inCampaign(aBudget({ type: "spend", currencyCode: "usd", limit: "50" })))],
    [
      "customer_unknown",
      aCandidate({}, inCampaign(aBudget({ type: "use_by_attribute", attribute: "customer_id", used: null }))),
    ],
    [
      "budget_exhausted",
      aCandidate(
        {},
        inCampaign(aBudget({ type: "use_by_attribute", attribute: "customer_id", limit: "1", used: "1" })),
      ),
    ],
    [
      "budget_exhausted",
      aCandidate(
        {},
        inCampaign(
          aBudget({
            type: "spend_by_attribute",
            currencyCode: "eur",
            attribute: "customer_id",
            limit: "15",
            used: "6",
          }),
        ),
      ),
    ],
    ["currency_differs", aCandidate(fixed("5", { currencyCode: "usd" }))],
    ["applied", aCandidate(fixed("5"))],
    ["applied", aCandidate({}, { rules: [is("region.id", "reg_1"), is("customer.groups.id", "vip")] })],
    [
      "applied",
      aCandidate({}, { rules: [is("currency_code", "eur"), is("customer.id", "cus_1"), is("email", "a@example.com")] }),
    ],
    ["applied", aCandidate({}, { rules: [is("items.product.id", "a")] })],
    ["nothing_to_discount", aCandidate({ targetRules: [is("items.product.type_id", "t")] })],
    ["nothing_to_discount", aCandidate({ value: "0" })],
    ["nothing_to_discount", aCandidate({ targetType: "shipping_methods" })],
  ])("say %s", (reason, promotion) => {
    const { verdicts, itemAdjustments } = compute(cart, promotion)

    expect(verdicts).toMatchObject([{ applied: reason === "applied", reason }])
    expect(itemAdjustments).toHaveLength(reason === "applied" ? 1 : 0)
  })

  it("name the first rule that is not met", () => {
    const rules = [is("region.id", "reg_1"), is("sales_channel_id", "sc_1"), is("region.id", "reg_2")]

    expect(compute(cart, aCandidate({}, { rules })).verdicts).toMatchObject([
      { reason: "rule_not_met", rule: rules[1] },
    ])
  })

  it("count promotions of one campaign together, in the order in which they apply", () => {
    const spend = inCampaign(aBudget({ type: "spend", currencyCode: "eur", limit: "60", used: "20" }))
    const uses = inCampaign(aBudget({ limit: "2", used: "1" }))
    const three = (campaign: object) =>
      ["30", "20", "10"].map((value) => aCandidate({ value }, { code: value, ...campaign }))

    expect(compute(cart, ...three(spend)).verdicts.map(({ reason }) => reason)).toEqual([
      "applied",
      "budget_exhausted",
      "applied",
    ])
    expect(compute(cart, ...three(uses)).verdicts.map(({ applied }) => applied)).toEqual([true, false, false])
  })

  it("leave what a promotion without budget would have taken to the others", () => {
    const over = aCandidate(
      { value: "100" },
      { code: "A", ...inCampaign(aBudget({ type: "spend", currencyCode: "eur", limit: "99" })) },
    )
    const rest = aCandidate({ value: "10" }, { code: "B" })

    expect(takenOff(compute(cart, over, rest))).toEqual({ a: "10" })
    expect(reasonOf(over)).toBe("budget_exhausted")
  })
})
