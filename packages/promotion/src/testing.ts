import type { CreateCampaign } from "./campaign/campaign.schema.ts"
import type { CreatePromotion, CreateRule } from "./promotion/promotion.schema.ts"

let made = 0

/** Ten per cent off the order for whoever types its code, which no other has. */
export const aPromotion = (overrides: Partial<CreatePromotion> = {}): CreatePromotion => ({
  code: `CODE${++made}`,
  type: "standard",
  status: "active",
  applicationMethod: { type: "percentage", targetType: "order", value: 10 },
  ...overrides,
})

/** Buy two, get the cheapest third for nothing, of these products. */
export const aBuyGet = (productId: string, overrides: Partial<CreatePromotion> = {}): CreatePromotion => {
  const rule: CreateRule = { attribute: "items.product.id", operator: "eq", values: productId }
  return aPromotion({
    type: "buyget",
    applicationMethod: {
      type: "percentage",
      targetType: "items",
      value: 100,
      buyRules: [rule],
      buyRulesMinQuantity: 2,
      targetRules: [rule],
      applyToQuantity: 1,
    },
    ...overrides,
  })
}

/** A campaign without dates and budget, with an identifier that no other has. */
export const aCampaign = (overrides: Partial<CreateCampaign> = {}): CreateCampaign => ({
  name: "Summer",
  campaignIdentifier: `campaign-${++made}`,
  ...overrides,
})
