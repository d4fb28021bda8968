export const ruleOperators = ["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"] as const
export type RuleOperator = (typeof ruleOperators)[number]

export const priceListTypes = ["sale", "override"] as const
export type PriceListType = (typeof priceListTypes)[number]

export const priceListStatuses = ["draft", "active"] as const
export type PriceListStatus = (typeof priceListStatuses)[number]

/** A condition on an attribute of the buyer's situation, as it is stored with a price. */
export interface PriceRule {
  /** `region_id`, `item_total`, `customer.groups.id`, or whatever the shop's contexts state. */
  readonly attribute: string
  readonly operator: RuleOperator
  /** A list for `in` and `nin`, a decimal for the four that compare. */
  readonly value: string | readonly string[]
  /** Kept for whoever shows rules in an order; decides nothing. */
  readonly priority: number
}

/** A condition on the use of a whole price list: one of the values must be met. */
export interface ListRule {
  readonly attribute: string
  readonly value: readonly string[]
}
