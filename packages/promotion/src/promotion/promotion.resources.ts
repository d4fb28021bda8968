import { defineResource } from "@marquetry/kernel"
import { Campaign, CampaignBudget } from "../campaign/campaign.entity.ts"
import { ApplicationMethod, Promotion, PromotionRule } from "./promotion.entity.ts"

export const promotionResource = defineResource("promotion", Promotion, { private: ["conditions"], search: ["code"] })
export const applicationMethodResource = defineResource("application_method", ApplicationMethod, {
  private: ["targetConditions", "buyConditions"],
})
export const promotionRuleResource = defineResource("promotion_rule", PromotionRule)
export const campaignResource = defineResource("campaign", Campaign, {
  search: ["name", "description", "campaignIdentifier"],
  inverse: { promotions: [Promotion, "campaign"] },
})
export const campaignBudgetResource = defineResource("campaign_budget", CampaignBudget)
