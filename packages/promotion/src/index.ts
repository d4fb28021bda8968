export {
  CampaignCurrencyDiffers,
  CampaignDatesReversed,
  CampaignHasNoBudget,
  CampaignIdentifierTaken,
} from "./campaign/campaign.errors.ts"
export { CampaignCreated, CampaignDeleted, CampaignUpdated } from "./campaign/campaign.events.ts"
export { CreateCampaign, UpdateCampaign } from "./campaign/campaign.schema.ts"
export { CampaignService, type CampaignView } from "./campaign/campaign.service.ts"
export type { BudgetAttribute, BudgetType } from "./campaign/campaign.types.ts"
export { CandidateQuery } from "./computation/candidate.schema.ts"
export { computePromotions } from "./computation/compute-promotions.ts"
export {
  verdictReasons,
  type Attributes,
  type CandidateBudget,
  type CandidateCampaign,
  type CandidateMethod,
  type CandidatePromotion,
  type ItemAdjustment,
  type PromotionCart,
  type PromotionItem,
  type PromotionResult,
  type PromotionShippingMethod,
  type PromotionVerdict,
  type ShippingAdjustment,
  type VerdictReason,
} from "./computation/computation.types.ts"
export { promotionModule, startPromotion, type Promotions } from "./promotion.module.ts"
export { LimitBelowUsed, PromotionCodeTaken, UnknownPromotionCode } from "./promotion/promotion.errors.ts"
export { PromotionCreated, PromotionDeleted, PromotionUpdated } from "./promotion/promotion.events.ts"
export {
  applicationMethodResource,
  campaignBudgetResource,
  campaignResource,
  promotionResource,
  promotionRuleResource,
} from "./promotion/promotion.resources.ts"
export { ChangeRules, CreatePromotion, CreateRule, UpdatePromotion } from "./promotion/promotion.schema.ts"
export { PromotionService, type Candidates, type RuleBatch } from "./promotion/promotion.service.ts"
export type {
  Allocation,
  MethodType,
  PromotionStatus,
  PromotionType,
  Rule,
  RuleOperator,
  RuleRole,
  TargetType,
} from "./promotion/promotion.types.ts"
export type { PromotionRuleView, PromotionView } from "./promotion/promotion.view.ts"
export { PromotionLimitReached, type LimitReason } from "./usage/usage.errors.ts"
export { RegisterUsage } from "./usage/usage.schema.ts"
