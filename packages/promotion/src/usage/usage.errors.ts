import { ModuleError } from "@marquetry/kernel"

export type LimitReason = "limit_reached" | "budget_exhausted" | "customer_unknown" | "currency_differs"

const texts: Record<LimitReason, string> = {
  limit_reached: "was used as often as it can be",
  budget_exhausted: "would exceed the budget of its campaign",
  customer_unknown: "has a budget per customer, and the customer is not known",
  currency_differs: "has a budget in another currency",
}

/** A promotion cannot be used once more: its own limit or the budget of its campaign has no room left. */
export class PromotionLimitReached extends ModuleError {
  readonly code = "promotion.limit_reached"
  readonly kind = "invalid"
  /** `reason` as in verdicts. */
  override readonly details: { promotionId: string; promotionCode: string; reason: LimitReason }
  constructor(promotionId: string, promotionCode: string, reason: LimitReason) {
    super(`The promotion ${promotionCode} ${texts[reason]}`)
    this.details = { promotionId, promotionCode, reason }
  }
}
