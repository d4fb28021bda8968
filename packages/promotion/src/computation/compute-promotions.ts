import { Amount } from "@marquetry/money"
import { countsMoney, isPerCustomer } from "../campaign/campaign.types.ts"
import type { Rule } from "../promotion/promotion.types.ts"
import type {
  CandidatePromotion,
  ItemAdjustment,
  PromotionCart,
  PromotionResult,
  PromotionVerdict,
  ShippingAdjustment,
  VerdictReason,
} from "./computation.types.ts"
import { compareDecimals } from "./decimals.ts"
import { discountOf, type Part } from "./discount.ts"
import { linesOf } from "./line.ts"
import { firstUnmet, lookupInCart, type Lookup } from "./match-rules.ts"

/**
 * What promotions take off a cart, and why others do not.
 *
 * They are applied one after the other, each to what the earlier ones have left: first buyget, then those of items, of
 * shipping methods and of the order; among these percentages before fixed amounts, the greater value first, then by
 * code. Those with a code and automatic ones are treated alike. The order in which promotions, items and shipping methods
 * are given does not matter.
 *
 * What promotions take off a line together is never more than the line is worth. Pure: it asks no database and no clock.
 *
 * @param at the moment at which campaigns must run.
 */
export function computePromotions(
  cart: PromotionCart,
  promotions: readonly CandidatePromotion[],
  at: Date,
): PromotionResult {
  if (promotions.length === 0) return nothing
  const lines = linesOf(cart)
  const items = new Set(lines.items)
  const situation: Situation = {
    currencyCode: cart.currencyCode.toLowerCase(),
    at: at.toISOString(),
    lookup: lookupInCart(cart),
    counted: new Map(),
  }
  const itemAdjustments: ItemAdjustment[] = []
  const shippingAdjustments: ShippingAdjustment[] = []
  const verdicts = [...promotions].sort(inOrder).map((promotion): PromotionVerdict => {
    const refusal = refusalOf(promotion, situation)
    if (refusal !== null) return refused(promotion, refusal.reason, refusal.rule)
    const parts = discountOf(promotion, lines, cart.currency)
    if (parts === null) return refused(promotion, "buy_rules_not_met")
    if (parts.length === 0) return refused(promotion, "nothing_to_discount")
    const amount = Amount.fromMinor(
      parts.reduce((total, part) => total + part.amount, 0n),
      cart.currency,
    )
    if (!count(promotion, amount, situation)) return refused(promotion, "budget_exhausted")
    for (const part of parts) {
      part.line.left -= part.taken
      const adjustment = adjustmentOf(promotion, part, cart)
      if (items.has(part.line)) itemAdjustments.push({ itemId: part.line.id, ...adjustment })
      else shippingAdjustments.push({ shippingMethodId: part.line.id, ...adjustment })
    }
    return { promotionId: promotion.id, code: promotion.code, applied: true, reason: "applied", amount }
  })
  return { itemAdjustments, shippingAdjustments, verdicts }
}

const nothing: PromotionResult = { itemAdjustments: [], shippingAdjustments: [], verdicts: [] }

interface Situation {
  readonly currencyCode: string
  readonly at: string
  readonly lookup: Lookup
  /** What promotions of this cart have counted so far, by budget. */
  readonly counted: Map<string, Amount>
}

const adjustmentOf = (
  { id, code, method }: CandidatePromotion,
  { amount, isTaxInclusive }: Part,
  cart: PromotionCart,
) => ({
  promotionId: id,
  code,
  amount: Amount.fromMinor(amount, cart.currency),
  isTaxInclusive,
  description: method.description,
})

function refused({ id, code }: CandidatePromotion, reason: VerdictReason, rule?: Rule): PromotionVerdict {
  const verdict = { promotionId: id, code, applied: false, reason, amount: Amount.zero }
  return rule === undefined ? verdict : { ...verdict, rule }
}

interface Refusal {
  readonly reason: VerdictReason
  readonly rule?: Rule
}

/** The first reason why a promotion does not apply, as far as it can be told before its discount is known. */
function refusalOf(promotion: CandidatePromotion, situation: Situation): Refusal | null {
  const { status, limit, used, method, rules } = promotion
  if (status !== "active") return { reason: status }
  const campaign = campaignRefusalOf(promotion, situation)
  if (campaign !== null) return { reason: campaign }
  if (limit !== null && used >= limit) return { reason: "limit_reached" }
  if (method.type === "fixed" && method.currencyCode !== situation.currencyCode) return { reason: "currency_differs" }
  const rule = firstUnmet(rules, situation.lookup)
  return rule === undefined ? null : { reason: "rule_not_met", rule }
}

function campaignRefusalOf({ campaign }: CandidatePromotion, { at, currencyCode }: Situation): VerdictReason | null {
  if (campaign === null) return null
  const { startsAt, endsAt, budget } = campaign
  if (startsAt !== null && at < startsAt) return "campaign_not_started"
  if (endsAt !== null && at > endsAt) return "campaign_ended"
  if (budget === null) return null
  if (isPerCustomer(budget.type) && budget.used === null) return "customer_unknown"
  return countsMoney(budget.type) && budget.currencyCode !== currencyCode ? "currency_differs" : null
}

/** Counts a discount in the budget of the campaign, if that leaves room for the whole of it. */
function count({ campaign }: CandidatePromotion, discount: Amount, { counted }: Situation): boolean {
  const budget = campaign?.budget
  if (budget === null || budget === undefined) return true
  const own = (counted.get(budget.id) ?? Amount.zero).plus(countsMoney(budget.type) ? discount : 1)
  if (budget.limit !== null && own.plus(budget.used ?? 0).greaterThan(budget.limit)) return false
  counted.set(budget.id, own)
  return true
}

function inOrder(a: CandidatePromotion, b: CandidatePromotion): number {
  return (
    rankOf(a) - rankOf(b) ||
    Number(a.method.type === "fixed") - Number(b.method.type === "fixed") ||
    compareDecimals(b.method.value, a.method.value) ||
    compareTexts(a.code, b.code) ||
    compareTexts(a.id, b.id)
  )
}

const targetRanks = { items: 1, shipping_methods: 2, order: 3 } as const
const rankOf = ({ type, method }: CandidatePromotion): number =>
  type === "buyget" ? 0 : targetRanks[method.targetType]

const compareTexts = (a: string, b: string): number => (a < b ? -1 : Number(a > b))
