import { defineEntity, id, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import { decimal, uniqueLiving } from "../columns.ts"
import { budgetAttributes, budgetTypes } from "./campaign.types.ts"

const CampaignTable = defineEntity({
  name: "Campaign",
  indexes: [
    uniqueLiving("campaign", "campaign_identifier"),
    searchIndex("promotion", "campaign", ["name", "description", "campaign_identifier"]),
  ],
  checks: [{ name: "campaign_dates_check", expression: "starts_at <= ends_at" }],
  properties: {
    id: id("procamp"),
    name: p.text(),
    description: p.text().strictNullable().default(null),
    /** What other systems call it; unique among campaigns that are not deleted. */
    campaignIdentifier: p.text(),
    /** The first and the last moment of it; no bound where null. */
    startsAt: p.datetime(3).strictNullable().default(null),
    endsAt: p.datetime(3).strictNullable().default(null),
    budget: () => p.oneToOne(CampaignBudget).mappedBy("campaign").ref().strictNullable(),
    ...timestamps,
    ...softDelete,
  },
})

/** Promotions that run at the same time, or out of one budget. */
export class Campaign extends CampaignTable.class {}
CampaignTable.setClass(Campaign)

const CampaignBudgetTable = defineEntity({
  name: "CampaignBudget",
  checks: [
    // An upper bound, because NaN is greater than every number.
    { name: "campaign_budget_limit_check", expression: `"limit" >= 0 and "limit" < 1000000000000000000` },
    {
      name: "campaign_budget_used_check",
      expression: `used >= 0 and (type in ('use_by_attribute', 'spend_by_attribute') or used <= "limit")`,
    },
  ],
  properties: {
    id: id("probudg"),
    campaign: () =>
      p.oneToOne(Campaign).ref().owner().unique("campaign_budget_campaign_id_unique").deleteRule("cascade"),
    type: p.enum(budgetTypes),
    /** ISO 4217, lower case; of budgets that count money. */
    currencyCode: p.text().strictNullable().default(null),
    /** Money or uses, of everybody or of each customer; none where null. */
    limit: decimal().strictNullable().default(null),
    /** By all customers together. */
    used: decimal().default("0"),
    /** By what customers are told apart, where the limit is that of each. */
    attribute: p.enum(budgetAttributes).strictNullable().default(null),
    ...timestamps,
    ...softDelete,
  },
})

/** How much the promotions of a campaign may give. */
export class CampaignBudget extends CampaignBudgetTable.class {}
CampaignBudgetTable.setClass(CampaignBudget)

const CampaignBudgetUsageTable = defineEntity({
  name: "CampaignBudgetUsage",
  checks: [{ name: "campaign_budget_usage_used_check", expression: "used >= 0" }],
  properties: {
    campaignBudget: () => p.manyToOne(CampaignBudget).ref().primary().deleteRule("cascade"),
    /** The customer's id, or their e-mail address in lower case. */
    attributeValue: p.text().primary(),
    used: decimal().default("0"),
  },
})

/** What one customer used of a budget that has a limit for each. */
export class CampaignBudgetUsage extends CampaignBudgetUsageTable.class {}
CampaignBudgetUsageTable.setClass(CampaignBudgetUsage)
