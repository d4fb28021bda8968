import type { Amount, AmountLike, CurrencyDigits } from "@marquetry/money"
import type { BudgetAttribute, BudgetType } from "../campaign/campaign.types.ts"
import type {
  Allocation,
  MethodType,
  PromotionStatus,
  PromotionType,
  Rule,
  TargetType,
} from "../promotion/promotion.types.ts"

/** Values by attribute: `{ "region.id": "reg_…", "customer.groups.id": [] }`. What is not named is not known. */
export type Attributes = Readonly<Record<string, string | readonly string[]>>

/** What is bought, as promotions see it. Of one currency. */
export interface PromotionCart {
  readonly currencyCode: string
  /** Its minor digits: `currencyOf("eur")`, or `{ decimalDigits: 2 }`. */
  readonly currency: CurrencyDigits
  /** Stated to rules as `email`. */
  readonly email?: string | null
  /** Stated to rules as `customer.id`. */
  readonly customerId?: string | null
  /** What rules of promotions are held against. `currency_code` need not be named. */
  readonly attributes: Attributes
  readonly items: readonly PromotionItem[]
  readonly shippingMethods: readonly PromotionShippingMethod[]
}

interface Discountable {
  readonly id: string
  /** Whether its price contains tax, and so what it is worth. */
  readonly isTaxInclusive: boolean
  /** Per cent, all rates together. Matters where a fixed amount with tax is taken off a price without; 0 unless said. */
  readonly taxRate?: AmountLike
  /** What target and buy rules are held against, with or without the prefix `items.` or `shipping_methods.`. */
  readonly attributes: Attributes
}

export interface PromotionItem extends Discountable {
  /** Above zero. Buyget counts whole units. */
  readonly quantity: AmountLike
  /** What the whole line is worth before any discount; rounded half up to the minor unit, as it is paid. */
  readonly subtotal: AmountLike
  readonly isDiscountable: boolean
}

export interface PromotionShippingMethod extends Discountable {
  readonly amount: AmountLike
}

/** A promotion with all that decides whether it applies. Amounts and limits are decimals as texts. */
export interface CandidatePromotion {
  readonly id: string
  readonly code: string
  readonly type: PromotionType
  readonly status: PromotionStatus
  readonly isAutomatic: boolean
  readonly isTaxInclusive: boolean
  readonly limit: number | null
  readonly used: number
  readonly rules: readonly Rule[]
  readonly method: CandidateMethod
  readonly campaign: CandidateCampaign | null
}

export interface CandidateMethod {
  readonly type: MethodType
  readonly targetType: TargetType
  readonly allocation: Allocation
  readonly value: string
  readonly currencyCode: string | null
  readonly maxQuantity: number | null
  readonly applyToQuantity: number | null
  readonly buyRulesMinQuantity: number | null
  readonly description: string | null
  readonly targetRules: readonly Rule[]
  readonly buyRules: readonly Rule[]
}

export interface CandidateCampaign {
  readonly id: string
  /** ISO 8601 in UTC with milliseconds, so that they compare as texts. Both inclusive. */
  readonly startsAt: string | null
  readonly endsAt: string | null
  readonly budget: CandidateBudget | null
}

export interface CandidateBudget {
  readonly id: string
  readonly type: BudgetType
  readonly currencyCode: string | null
  readonly limit: string | null
  /** By everybody; of a budget per customer, by this customer, and `null` when the customer is not known. */
  readonly used: string | null
  readonly attribute: BudgetAttribute | null
}

export const verdictReasons = [
  "applied",
  "unknown_code",
  "draft",
  "inactive",
  "campaign_not_started",
  "campaign_ended",
  "limit_reached",
  "budget_exhausted",
  "customer_unknown",
  "currency_differs",
  "rule_not_met",
  "buy_rules_not_met",
  "nothing_to_discount",
] as const
/** Why a promotion applies or does not: a closed list. */
export type VerdictReason = (typeof verdictReasons)[number]

/** What became of one promotion, and why. */
export interface PromotionVerdict {
  /** `null` for a code that no promotion has. */
  readonly promotionId: string | null
  readonly code: string
  readonly applied: boolean
  readonly reason: VerdictReason
  /** The first rule that is not met, when that is the reason. */
  readonly rule?: Rule
  /** What it takes off: the sum of its adjustments as they are, with tax or without. Zero when it does not apply. */
  readonly amount: Amount
}

interface Adjustment {
  readonly promotionId: string
  readonly code: string
  /** What is taken off: above zero, whole minor units. */
  readonly amount: Amount
  /** Whether the amount contains tax: then the discount without tax is `amount / (1 + rate)`. */
  readonly isTaxInclusive: boolean
  readonly description: string | null
}
export interface ItemAdjustment extends Adjustment {
  readonly itemId: string
}
export interface ShippingAdjustment extends Adjustment {
  readonly shippingMethodId: string
}

export interface PromotionResult {
  readonly itemAdjustments: readonly ItemAdjustment[]
  readonly shippingAdjustments: readonly ShippingAdjustment[]
  /** One per promotion, in the order in which they were applied. */
  readonly verdicts: readonly PromotionVerdict[]
}
