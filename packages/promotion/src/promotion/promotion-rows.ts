import { newId, NotFound, rethrowConstraint, type Database, type Events } from "@marquetry/kernel"
import { assertCurrencyFits, holdCampaigns, insertCampaigns } from "../campaign/campaign-rows.ts"
import { ApplicationMethod, Promotion } from "./promotion.entity.ts"
import { LimitBelowUsed, PromotionCodeTaken } from "./promotion.errors.ts"
import { allocationOf } from "./promotion-faults.ts"
import type { NewPromotion, NewRule } from "./promotion.schema.ts"
import type { Allocation, Condition, MethodType, PromotionType, TargetType } from "./promotion.types.ts"

/** Writes promotions, their methods and the campaigns that come with them. @returns the ids, in order. */
export async function insertPromotions(
  db: Database,
  events: Events,
  promotions: readonly NewPromotion[],
): Promise<string[]> {
  const given = promotions.map(({ applicationMethod, campaign, campaignId, rules, ...fields }) => {
    return { applicationMethod, campaign, campaignId, rules, fields }
  })
  const campaignIds = await campaignsOf(db, events, given)
  const rows = given.map(({ fields, rules }, index) => ({
    ...fields,
    campaign: campaignIds[index],
    conditions: conditionsOf(rules),
  }))
  const ids = await db.insertRows(Promotion, rows).catch(refused(promotions.map(({ code }) => code)))
  const methods = promotions.map((promotion, index) => {
    const { targetRules, buyRules, ...fields } = promotion.applicationMethod
    return {
      ...fields,
      promotion: ids[index],
      allocation: allocationOf(promotion),
      targetConditions: conditionsOf(targetRules),
      buyConditions: conditionsOf(buyRules),
    }
  })
  await db.insertRows(ApplicationMethod, methods)
  return ids
}

/** The campaign of each promotion, made where it comes with the promotion. */
async function campaignsOf(
  db: Database,
  events: Events,
  promotions: readonly Pick<NewPromotion, "applicationMethod" | "campaign" | "campaignId">[],
): Promise<(string | null)[]> {
  const named = new Set(promotions.flatMap(({ campaignId }) => campaignId ?? []))
  const currencies = await holdCampaigns(db, [...named])
  const made = promotions.flatMap(({ campaign }) => campaign ?? [])
  for (const { applicationMethod, campaign, campaignId } of promotions) {
    assertCurrencyFits(applicationMethod, campaign?.budget?.currencyCode ?? currencies.get(campaignId ?? ""))
  }
  const ids = made.length === 0 ? [] : await insertCampaigns(db, events, made)
  return promotions.map(({ campaign, campaignId }) => (campaign === null ? campaignId : (ids.shift() ?? null)))
}

/** For `.catch()` after a promotion was written. */
export const refused = (codes: string[]) =>
  rethrowConstraint({
    promotion_code_unique: () => new PromotionCodeTaken(codes),
    promotion_used_check: () => new LimitBelowUsed(),
  })

/** Rules as they are stored: each gets an id for life. */
export const conditionsOf = (rules: readonly NewRule[]): Condition[] =>
  rules.map((rule) => ({ id: newId("prorul"), ...rule }))

/** A promotion as it is before a change, held until the end of the transaction. */
export interface HeldPromotion {
  readonly id: string
  readonly type: PromotionType
  readonly rules: Condition[]
  readonly budgetCurrency: string | null
  readonly applicationMethod: {
    readonly id: string
    readonly type: MethodType
    readonly targetType: TargetType
    readonly allocation: Allocation
    readonly value: string
    readonly currencyCode: string | null
    readonly applyToQuantity: number | null
    readonly buyRulesMinQuantity: number | null
    readonly targetRules: Condition[]
    readonly buyRules: Condition[]
  }
}

/**
 * Holds promotions, in order of id, so that changes of one follow each other.
 *
 * @throws {NotFound} when one of them does not exist.
 */
export async function holdPromotions(db: Database, ids: readonly string[]): Promise<HeldPromotion[]> {
  const rows = await db.sql<{ promotion: string }>(
    `with held as materialized (
       select p.id, p.type, p.conditions, p.campaign_id, m as method
       from "promotion"."promotion" p join "promotion"."application_method" m on m.promotion_id = p.id
       where p.id = any($1::text[]) and p.deleted_at is null order by p.id for no key update of p, m
     )
     select json_build_object('id', held.id, 'type', held.type, 'rules', held.conditions,
       'budgetCurrency', (select b.currency_code from "promotion"."campaign_budget" b where b.campaign_id = held.campaign_id),
       'applicationMethod', json_build_object('id', (method).id, 'type', (method).type,
         'targetType', (method).target_type, 'allocation', (method).allocation,
         'value', trim_scale((method).value)::text, 'currencyCode', (method).currency_code,
         'applyToQuantity', (method).apply_to_quantity, 'buyRulesMinQuantity', (method).buy_rules_min_quantity,
         'targetRules', (method).target_conditions, 'buyRules', (method).buy_conditions))::text as promotion
     from held order by held.id`,
    [ids],
  )
  const held = rows.map(({ promotion }) => JSON.parse(promotion) as HeldPromotion)
  const missing = ids.find((id) => !held.some((promotion) => promotion.id === id))
  if (missing !== undefined) throw new NotFound("Promotion", missing)
  return held
}
