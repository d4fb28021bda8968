import { defineModule, start, type Started, type StartOptions } from "@marquetry/kernel"
import { Campaign, CampaignBudget, CampaignBudgetUsage } from "./campaign/campaign.entity.ts"
import { CampaignService } from "./campaign/campaign.service.ts"
import { CreatePromotions } from "./migrations/20261122203802_create-promotions.ts"
import { ApplicationMethod, Promotion, PromotionRule } from "./promotion/promotion.entity.ts"
import {
  applicationMethodResource,
  campaignBudgetResource,
  campaignResource,
  promotionResource,
  promotionRuleResource,
} from "./promotion/promotion.resources.ts"
import { PromotionService } from "./promotion/promotion.service.ts"
import { PromotionUsage } from "./usage/promotion-usage.entity.ts"

export const promotionModule = defineModule({
  name: "promotion",
  entities: [
    Campaign,
    CampaignBudget,
    CampaignBudgetUsage,
    Promotion,
    ApplicationMethod,
    PromotionRule,
    PromotionUsage,
  ],
  migrations: [CreatePromotions],
  resources: [
    promotionResource,
    applicationMethodResource,
    promotionRuleResource,
    campaignResource,
    campaignBudgetResource,
  ],
  services: [PromotionService, CampaignService],
})

/** What {@link startPromotion} gives. */
export interface Promotions {
  readonly promotions: PromotionService
  readonly campaigns: CampaignService
}

/** Runs promotions alone, on your database or an embedded one. */
export function startPromotion(options: StartOptions = {}): Promise<Started<Promotions>> {
  return start(promotionModule, options, (container) => ({
    promotions: container.resolve(PromotionService),
    campaigns: container.resolve(CampaignService),
  }))
}
