import { currencyOf } from "@marquetry/money"
import type {
  CandidateBudget,
  CandidateMethod,
  CandidatePromotion,
  PromotionCart,
  PromotionItem,
  PromotionResult,
  PromotionShippingMethod,
  Rule,
} from "../src/index.ts"

export const at = new Date("2026-06-01T12:00:00.000Z")

/** A promotion that is on, for everything, without a campaign. */
export const aCandidate = (
  method: Partial<CandidateMethod>,
  overrides: Partial<Omit<CandidatePromotion, "method">> = {},
): CandidatePromotion => {
  const code = overrides.code ?? "CODE"
  return {
    id: `promo_${code}`,
    code,
    type: "standard",
    status: "active",
    isAutomatic: false,
    isTaxInclusive: false,
    limit: null,
    used: 0,
    rules: [],
    campaign: null,
    ...overrides,
    method: {
      type: "percentage",
      targetType: "items",
      allocation: "across",
      value: "10",
      currencyCode: method.type === "fixed" ? "eur" : null,
      maxQuantity: null,
      applyToQuantity: null,
      buyRulesMinQuantity: null,
      description: null,
      targetRules: [],
      buyRules: [],
      ...method,
    },
  }
}

export const aBudget = (overrides: Partial<CandidateBudget>): CandidateBudget => ({
  id: "probudg_1",
  type: "usage",
  currencyCode: null,
  limit: null,
  used: "0",
  attribute: null,
  ...overrides,
})

export const inCampaign = (
  budget: CandidateBudget | null,
  startsAt: string | null = null,
  endsAt: string | null = null,
) => ({
  campaign: { id: "procamp_1", startsAt, endsAt, budget },
})

export const is = (attribute: string, ...values: string[]): Rule => ({ attribute, operator: "in", values })
export const isProduct = (...ids: string[]): Rule => is("items.product.id", ...ids)

/** A line of a product that has the line's id. */
export const anItem = (
  id: string,
  quantity: number | string,
  subtotal: number | string,
  overrides: Partial<PromotionItem> = {},
): PromotionItem => ({
  id,
  quantity,
  subtotal,
  isDiscountable: true,
  isTaxInclusive: false,
  attributes: { "items.product.id": id },
  ...overrides,
})

export const aMethod = (
  id: string,
  amount: number | string,
  overrides: Partial<PromotionShippingMethod> = {},
): PromotionShippingMethod => ({
  id,
  amount,
  isTaxInclusive: false,
  attributes: { "shipping_methods.shipping_option.shipping_option_type_id": id },
  ...overrides,
})

export const aCart = (
  items: readonly PromotionItem[],
  shippingMethods: readonly PromotionShippingMethod[] = [],
  overrides: Partial<PromotionCart> = {},
): PromotionCart => ({
  currencyCode: "eur",
  currency: currencyOf(overrides.currencyCode ?? "eur"),
  attributes: {},
  items,
  shippingMethods,
  ...overrides,
})

/** What is taken off by line, all promotions together where there are several. */
export const takenOff = ({ itemAdjustments, shippingAdjustments }: PromotionResult): Record<string, string> => {
  const all = [
    ...itemAdjustments.map(({ itemId, amount }) => [itemId, amount] as const),
    ...shippingAdjustments.map(({ shippingMethodId, amount }) => [shippingMethodId, amount] as const),
  ]
  const sums = Object.groupBy(all, ([id]) => id)
  return Object.fromEntries(
    Object.entries(sums).map(([id, parts = []]) => [
      id,
      String(parts.map(([, amount]) => amount).reduce((a, b) => a.plus(b))),
    ]),
  )
}
