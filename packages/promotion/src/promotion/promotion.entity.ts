import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import { Campaign } from "../campaign/campaign.entity.ts"
import { decimal, uniqueLiving } from "../columns.ts"
import {
  allocations,
  methodTypes,
  promotionStatuses,
  promotionTypes,
  ruleOperators,
  targetTypes,
  type Condition,
} from "./promotion.types.ts"

const PromotionTable = defineEntity({
  name: "Promotion",
  indexes: [
    uniqueLiving("promotion", "code"),
    {
      // Read whenever a cart is priced: holds only what may apply by itself, so mostly nothing.
      name: "promotion_automatic_index",
      expression: `create index "promotion_automatic_index" on "promotion"."promotion" ("id") where "is_automatic" and "status" = 'active' and "deleted_at" is null`,
    },
    searchIndex("promotion", "promotion", ["code"]),
  ],
  checks: [
    { name: "promotion_limit_check", expression: `"limit" > 0` },
    { name: "promotion_used_check", expression: `used >= 0 and used <= "limit"` },
  ],
  properties: {
    id: id("promo"),
    /** What shoppers type in, letter by letter; unique among promotions that are not deleted. */
    code: p.text(),
    type: p.enum(promotionTypes),
    status: p.enum(promotionStatuses).default("draft"),
    /** Whether it applies without its code. */
    isAutomatic: p.boolean().default(false),
    /** Whether a fixed amount contains tax. */
    isTaxInclusive: p.boolean().default(false),
    /** How many orders may use it; no limit where null. */
    limit: p.integer().strictNullable().default(null),
    /** How many orders use it. */
    used: p.integer().default(0),
    campaign: () => p.manyToOne(Campaign).ref().strictNullable().default(null).index("promotion_campaign_id_index"),
    applicationMethod: () => p.oneToOne(ApplicationMethod).mappedBy("promotion").ref(),
    /** When it applies. The one place where they are written; `rules` shows them as rows. */
    conditions: p.json<Condition[]>().default([]),
    rules: () => p.oneToMany(PromotionRule).mappedBy("promotion"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** A discount, by code or by itself. */
export class Promotion extends PromotionTable.class {}
PromotionTable.setClass(Promotion)

const ApplicationMethodTable = defineEntity({
  name: "ApplicationMethod",
  checks: [
    {
      name: "application_method_value_check",
      expression: "value >= 0 and value < 1000000000000000000 and (type <> 'percentage' or value <= 100)",
    },
    { name: "application_method_currency_check", expression: "type <> 'fixed' or currency_code is not null" },
  ],
  properties: {
    id: id("proappmet"),
    promotion: () =>
      p.oneToOne(Promotion).ref().owner().unique("application_method_promotion_id_unique").deleteRule("cascade"),
    description: p.text().strictNullable().default(null),
    type: p.enum(methodTypes),
    targetType: p.enum(targetTypes),
    allocation: p.enum(allocations),
    /** Per cent, or major units of the currency. */
    value: decimal(),
    /** ISO 4217, lower case. */
    currencyCode: p.text().strictNullable().default(null),
    /** Units that are discounted: of each line (`each`), or of all (`once`, buyget). */
    maxQuantity: p.integer().strictNullable().default(null),
    /** Of buyget: units that are got for those bought. */
    applyToQuantity: p.integer().strictNullable().default(null),
    /** Of buyget: units to buy. */
    buyRulesMinQuantity: p.integer().strictNullable().default(null),
    /** What is discounted, and of buyget what is to be bought; `targetRules` and `buyRules` show them as rows. */
    targetConditions: p.json<Condition[]>().default([]),
    buyConditions: p.json<Condition[]>().default([]),
    targetRules: () => p.oneToMany(PromotionRule).mappedBy("targetMethod"),
    buyRules: () => p.oneToMany(PromotionRule).mappedBy("buyMethod"),
    ...timestamps,
    ...softDelete,
  },
})

/** What a promotion takes off, and from what. */
export class ApplicationMethod extends ApplicationMethodTable.class {}
ApplicationMethodTable.setClass(ApplicationMethod)

/** The rows of one role: those of `owner`, whose id is in the column `role`. */
const rulesOf = (owner: string, column: string, role: string): string =>
  `select rule.value ->> 'id'::text as id,
    ${["promotion_id", "target_method_id", "buy_method_id"].map((name) => (name === role ? `owner.id as ${name}` : `null::text as ${name}`)).join(", ")},
    rule.value ->> 'description' as description, rule.value ->> 'attribute' as attribute,
    rule.value ->> 'operator' as operator, (select jsonb_agg(jsonb_build_object('value', item.value)) from jsonb_array_elements_text(rule.value -> 'values') item (value)) as "values",
    owner.created_at, owner.updated_at, owner.deleted_at
    from promotion.${owner} owner, lateral jsonb_array_elements(owner.${column}) rule (value)`

const PromotionRuleView = defineEntity({
  name: "PromotionRule",
  view: true,
  expression: [
    rulesOf("promotion", "conditions", "promotion_id"),
    rulesOf("application_method", "target_conditions", "target_method_id"),
    rulesOf("application_method", "buy_conditions", "buy_method_id"),
  ].join("\nunion all\n"),
  properties: {
    id: p.text().primary(),
    // One of the three says whose rule it is.
    promotion: () => p.manyToOne(Promotion).ref().strictNullable(),
    targetMethod: () => p.manyToOne(ApplicationMethod).ref().strictNullable(),
    buyMethod: () => p.manyToOne(ApplicationMethod).ref().strictNullable(),
    description: p.text().strictNullable(),
    attribute: p.text(),
    operator: p.enum(ruleOperators),
    /** Objects, as the wire shows them. */
    values: p.json<{ value: string }[]>(),
    ...timestamps,
    ...softDelete,
  },
})

/** A rule as a row, for reading. */
export class PromotionRule extends PromotionRuleView.class {}
PromotionRuleView.setClass(PromotionRule)
