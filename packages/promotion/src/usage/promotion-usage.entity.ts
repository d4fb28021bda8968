import { defineEntity, p } from "@marquetry/kernel"
import { CampaignBudget } from "../campaign/campaign.entity.ts"
import { decimal } from "../columns.ts"
import { Promotion } from "../promotion/promotion.entity.ts"

const PromotionUsageTable = defineEntity({
  name: "PromotionUsage",
  properties: {
    /** Who uses it: the id of an order or a cart. */
    key: p.text().primary(),
    promotion: () => p.manyToOne(Promotion).ref().primary().deleteRule("cascade"),
    /** The budget that it was counted in, for whom, and how much: what is given back when the use is taken back. */
    campaignBudget: () => p.manyToOne(CampaignBudget).ref().strictNullable().default(null).deleteRule("cascade"),
    attributeValue: p.text().strictNullable().default(null),
    /** Money or uses, as the budget counts. */
    counted: decimal(),
    createdAt: p.datetime(3),
  },
})

/** One use of a promotion that counts at present. The counters of promotions and budgets are sums of these rows. */
export class PromotionUsage extends PromotionUsageTable.class {}
PromotionUsageTable.setClass(PromotionUsage)
