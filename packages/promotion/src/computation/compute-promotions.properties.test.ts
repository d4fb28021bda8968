import { Amount, sum, type Currency } from "@marquetry/money"
import { aCurrency, anAmount } from "@marquetry/money/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { aBudget, aCandidate, at, inCampaign, isProduct } from "../../test/carts.ts"
import {
  computePromotions,
  type CandidatePromotion,
  type PromotionCart,
  type PromotionItem,
  type PromotionShippingMethod,
} from "../index.ts"

const terms = { isTaxInclusive: fc.boolean(), taxRate: fc.constantFrom(0, 7, "8.875", 19, 25) }
const products = ["a", "b", "c"]

const anyItem = (currency: Currency): fc.Arbitrary<Omit<PromotionItem, "id">> =>
  fc.record({
    quantity: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom("0.5", "2.5")),
    subtotal: anAmount({ min: 0, max: 500, decimalDigits: currency.decimalDigits }),
    isDiscountable: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
    attributes: fc.record({ "items.product.id": fc.constantFrom(...products) }),
    ...terms,
  })

const anyMethod = (currency: Currency): fc.Arbitrary<Omit<PromotionShippingMethod, "id">> =>
  fc.record({
    amount: anAmount({ min: 0, max: 50, decimalDigits: currency.decimalDigits }),
    attributes: fc.constant({}),
    ...terms,
  })

const anyPromotion = (currency: Currency): fc.Arbitrary<Omit<CandidatePromotion, "id" | "code">> =>
  fc
    .record({
      buyget: fc.boolean(),
      isTaxInclusive: fc.boolean(),
      type: fc.constantFrom("fixed" as const, "percentage" as const),
      targetType: fc.constantFrom("items" as const, "shipping_methods" as const, "order" as const),
      allocation: fc.constantFrom("each" as const, "across" as const, "once" as const),
      percentage: fc.constantFrom("0", "3", "12.5", "33.333", "100"),
      fixed: anAmount({ min: 0, max: 300, decimalDigits: currency.decimalDigits }).map(String),
      maxQuantity: fc.option(fc.integer({ min: 1, max: 5 })),
      applyToQuantity: fc.integer({ min: 1, max: 3 }),
      buyRulesMinQuantity: fc.integer({ min: 1, max: 3 }),
      targetRules: fc.subarray(products, { minLength: 1 }).map((ids) => [isProduct(...ids)]),
      buyRules: fc.subarray(products, { minLength: 1 }).map((ids) => [isProduct(...ids)]),
      spend: fc.option(fc.integer({ min: 0, max: 200 })),
    })
    .map(({ buyget, isTaxInclusive, percentage, fixed, targetType, spend, ...method }) => {
      const value = method.type === "fixed" ? fixed : percentage
      const wide = !buyget && targetType !== "items"
      const campaign = aBudget({ type: "spend", currencyCode: currency.code, limit: String(spend) })
      const {
        id: _,
        code: __,
        ...promotion
      } = aCandidate(
        {
          ...method,
          value,
          currencyCode: currency.code,
          targetType: buyget ? "items" : targetType,
          targetRules: wide ? [] : method.targetRules,
        },
        { type: buyget ? "buyget" : "standard", isTaxInclusive, ...(spend === null ? {} : inCampaign(campaign)) },
      )
      return promotion
    })

const named = <T extends object>(prefix: string, rows: readonly T[]) =>
  rows.map((row, index) => ({ ...row, id: `${prefix}${index}` }))

/** A cart and promotions, in a currency of any number of digits. */
const anyCase = aCurrency().chain((currency) =>
  fc
    .record({
      items: fc.array(anyItem(currency), { maxLength: 6 }),
      methods: fc.array(anyMethod(currency), { maxLength: 2 }),
      promotions: fc.array(anyPromotion(currency), { minLength: 1, maxLength: 5 }),
    })
    .map(({ items, methods, promotions }) => {
      const cart: PromotionCart = {
        currencyCode: currency.code,
        currency,
        attributes: {},
        items: named("item", items),
        shippingMethods: named("method", methods),
      }
      return { cart, promotions: named("promo", promotions).map((row) => ({ ...row, code: row.id })) }
    }),
)

const withoutTax = (amount: Amount, isTaxInclusive: boolean, rate: PromotionItem["taxRate"]): Amount =>
  isTaxInclusive ? amount.dividedBy(Amount.of(1).plus(Amount.of(rate ?? 0).dividedBy(100))) : amount

describe("whatever the cart and the promotions", () => {
  const runs = { numRuns: 600 }

  it("takes whole minor units above zero, never more than a line is worth, with tax or without", () => {
    fc.assert(
      fc.property(anyCase, ({ cart, promotions }) => {
        const { itemAdjustments, shippingAdjustments } = computePromotions(cart, promotions, at)

        const lines = [
          ...cart.items.map((item) => ({
            ...item,
            worth: item.subtotal,
            taken: itemAdjustments.filter(({ itemId }) => itemId === item.id),
          })),
          ...cart.shippingMethods.map((method) => ({
            ...method,
            worth: method.amount,
            isDiscountable: true,
            taken: shippingAdjustments.filter(({ shippingMethodId }) => shippingMethodId === method.id),
          })),
        ]
        for (const { worth, isTaxInclusive, taxRate, isDiscountable, taken } of lines) {
          expect(isDiscountable || taken.length === 0).toBe(true)
          expect(taken.every(({ amount }) => amount.isPositive() && amount.isWhole(cart.currency))).toBe(true)
          const discount = sum(taken.map((part) => withoutTax(part.amount, part.isTaxInclusive, taxRate)))
          // Quotients are rounded at the 20th decimal.
          const value = withoutTax(Amount.of(worth), isTaxInclusive, taxRate).plus("0.000000000000001")
          expect(discount.atMost(value)).toBe(true)
        }
      }),
      runs,
    )
  })

  it("says in verdicts what the adjustments add up to, and once about each promotion", () => {
    fc.assert(
      fc.property(anyCase, ({ cart, promotions }) => {
        const { itemAdjustments, shippingAdjustments, verdicts } = computePromotions(cart, promotions, at)

        for (const { promotionId, amount, applied } of verdicts) {
          const own = [...itemAdjustments, ...shippingAdjustments].filter((part) => part.promotionId === promotionId)
          expect(sum(own.map((part) => part.amount))).toEqual(amount)
          expect(applied).toBe(amount.isPositive())
        }
        expect(verdicts).toHaveLength(promotions.length)
        expect(new Set(verdicts.map(({ promotionId }) => promotionId))).toEqual(new Set(promotions.map(({ id }) => id)))
      }),
      runs,
    )
  })

  it("answers the same in whatever order things are given", () => {
    const shuffled = anyCase.chain(({ cart, promotions }) =>
      fc.record({
        cart: fc.constant(cart),
        promotions: fc.constant(promotions),
        items: fc.shuffledSubarray([...cart.items], { minLength: cart.items.length }),
        shippingMethods: fc.shuffledSubarray([...cart.shippingMethods], { minLength: cart.shippingMethods.length }),
        others: fc.shuffledSubarray(promotions, { minLength: promotions.length }),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ cart, promotions, items, shippingMethods, others }) => {
        const sorted = (given: PromotionCart, rows: readonly CandidatePromotion[]) => {
          const { itemAdjustments, shippingAdjustments, verdicts } = computePromotions(given, rows, at)
          const texts = [...itemAdjustments, ...shippingAdjustments].map((part) => JSON.stringify(part)).sort()
          return { texts, verdicts }
        }

        expect(sorted({ ...cart, items, shippingMethods }, others)).toEqual(sorted(cart, promotions))
      }),
      runs,
    )
  })

  it("keeps what promotions of one campaign take together within its budget", () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 0, max: 100 }), ({ cart, promotions }, limit) => {
        const budget = aBudget({ type: "spend", currencyCode: cart.currencyCode, limit: String(limit), used: "3" })
        const together = promotions.map((promotion) => ({ ...promotion, ...inCampaign(budget) }))

        const { verdicts } = computePromotions(cart, together, at)

        const taken = sum(verdicts.map(({ amount }) => amount))
        expect(taken.isZero() || taken.plus(3).atMost(limit)).toBe(true)
      }),
      runs,
    )
  })

  it("shares a fixed amount so that the parts add up to it, or to all that there is", () => {
    const lines = aCurrency().chain((currency) =>
      fc.record({
        currency: fc.constant(currency),
        subtotals: fc.array(anAmount({ min: 0, max: 500, decimalDigits: currency.decimalDigits }), { maxLength: 8 }),
        value: anAmount({ min: 0, max: 1_000, decimalDigits: currency.decimalDigits }),
      }),
    )
    fc.assert(
      fc.property(lines, ({ currency, subtotals, value }) => {
        const rows = subtotals.map((subtotal) => ({
          quantity: 1,
          subtotal,
          isDiscountable: true,
          isTaxInclusive: false,
          attributes: {},
        }))
        const cart = {
          currencyCode: currency.code,
          currency,
          attributes: {},
          items: named("item", rows),
          shippingMethods: [],
        }
        const method = {
          type: "fixed",
          targetType: "order",
          value: String(value),
          currencyCode: currency.code,
        } as const

        const { itemAdjustments } = computePromotions(cart, [aCandidate(method)], at)

        const all = sum(subtotals)
        expect(sum(itemAdjustments.map(({ amount }) => amount))).toEqual(value.atMost(all) ? value : all)
      }),
      runs,
    )
  })
})
