export const promotionTypes = ["standard", "buyget"] as const
export type PromotionType = (typeof promotionTypes)[number]

export const promotionStatuses = ["draft", "active", "inactive"] as const
export type PromotionStatus = (typeof promotionStatuses)[number]

export const methodTypes = ["fixed", "percentage"] as const
export type MethodType = (typeof methodTypes)[number]

export const targetTypes = ["order", "shipping_methods", "items"] as const
export type TargetType = (typeof targetTypes)[number]

export const allocations = ["each", "across", "once"] as const
export type Allocation = (typeof allocations)[number]

export const ruleOperators = ["gte", "lte", "gt", "lt", "eq", "ne", "in"] as const
export type RuleOperator = (typeof ruleOperators)[number]

/** A condition on the cart, or on the lines that are discounted or bought. */
export interface Rule {
  /** `region.id`, `items.product.id`, or whatever the shop's carts state. */
  readonly attribute: string
  readonly operator: RuleOperator
  /** One of them must do; the four operators that compare have one, a decimal. */
  readonly values: readonly string[]
}

/** A rule as it is stored with what it belongs to. */
export interface Condition extends Rule {
  /** `prorul_…`; the rule keeps it for life. */
  readonly id: string
  readonly description: string | null
}

/** What rules decide: whether a promotion applies, what it is taken off, and of buyget what is to be bought. */
export type RuleRole = "rules" | "targetRules" | "buyRules"
