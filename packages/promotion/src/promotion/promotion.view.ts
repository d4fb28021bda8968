import type { Selected } from "@marquetry/kernel"
import type { Promotion, PromotionRule } from "./promotion.entity.ts"

export const ruleView = { id: true, description: true, attribute: true, operator: true, values: true } as const

const methodView = {
  id: true,
  description: true,
  type: true,
  targetType: true,
  allocation: true,
  value: true,
  currencyCode: true,
  maxQuantity: true,
  applyToQuantity: true,
  buyRulesMinQuantity: true,
  targetRules: ruleView,
  buyRules: ruleView,
} as const

export const budgetView = {
  id: true,
  type: true,
  currencyCode: true,
  limit: true,
  used: true,
  attribute: true,
} as const

export const promotionView = {
  id: true,
  code: true,
  type: true,
  status: true,
  isAutomatic: true,
  isTaxInclusive: true,
  limit: true,
  used: true,
  campaignId: true,
  metadata: true,
  createdAt: true,
  updatedAt: true,
  deletedAt: true,
  rules: ruleView,
  applicationMethod: methodView,
  campaign: { id: true, name: true, campaignIdentifier: true, startsAt: true, endsAt: true, budget: budgetView },
} as const

/** A promotion with its rules, its method and its campaign. */
export type PromotionView = Selected<Promotion, typeof promotionView>
/** A rule of a promotion, or of its method. */
export type PromotionRuleView = Selected<PromotionRule, typeof ruleView>
