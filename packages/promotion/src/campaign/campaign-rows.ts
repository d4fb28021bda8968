import { NotFound, rethrowConstraint, type Database, type Events } from "@marquetry/kernel"
import { LimitBelowUsed } from "../promotion/promotion.errors.ts"
import { Campaign, CampaignBudget } from "./campaign.entity.ts"
import { CampaignCurrencyDiffers, CampaignDatesReversed, CampaignIdentifierTaken } from "./campaign.errors.ts"
import { CampaignCreated } from "./campaign.events.ts"
import type { NewCampaign } from "./campaign.schema.ts"

/** Writes campaigns with their budgets and tells of them, in three statements. @returns the ids, in order. */
export async function insertCampaigns(
  db: Database,
  events: Events,
  campaigns: readonly NewCampaign[],
): Promise<string[]> {
  const given = campaigns.map(({ budget, ...fields }) => ({ budget, fields }))
  const rows = given.map(({ fields }) => fields)
  const ids = await db
    .insertRows(Campaign, rows)
    .catch(refused(rows.map(({ campaignIdentifier }) => campaignIdentifier)))
  const budgets = given.flatMap(({ budget }, index) => (budget === null ? [] : [{ ...budget, campaign: ids[index] }]))
  await db.insertRows(CampaignBudget, budgets)
  await events.emitMany(
    CampaignCreated,
    ids.map((id) => ({ id })),
  )
  return ids
}

/** For `.catch()` after a campaign was written. */
export const refused = (campaignIdentifiers: string[]) =>
  rethrowConstraint({
    campaign_campaign_identifier_unique: () => new CampaignIdentifierTaken(campaignIdentifiers),
    campaign_dates_check: () => new CampaignDatesReversed(),
    campaign_budget_used_check: () => new LimitBelowUsed(),
  })

/**
 * Holds campaigns, in order of id, against being deleted while promotions come to them.
 *
 * @returns the currency of each one's budget; `null` where it counts no money.
 * @throws {NotFound} when one of them does not exist.
 */
export async function holdCampaigns(db: Database, ids: readonly string[]): Promise<Map<string, string | null>> {
  if (ids.length === 0) return new Map()
  const rows = await db.sql<{ id: string; currency_code: string | null }>(
    `select c.id, b.currency_code from "promotion"."campaign" c
     left join "promotion"."campaign_budget" b on b.campaign_id = c.id
     where c.id = any($1::text[]) and c.deleted_at is null order by c.id for key share of c`,
    [ids],
  )
  const currencies = new Map(rows.map((row) => [row.id, row.currency_code]))
  const missing = ids.find((id) => !currencies.has(id))
  if (missing !== undefined) throw new NotFound("Campaign", missing)
  return currencies
}

/** @throws {CampaignCurrencyDiffers} when a fixed amount could not be counted in the budget. */
export function assertCurrencyFits(
  method: { readonly type: string; readonly currencyCode: string | null },
  budgetCurrency: string | null | undefined,
): void {
  if (method.type !== "fixed" || method.currencyCode === null) return
  if (budgetCurrency === null || budgetCurrency === undefined || budgetCurrency === method.currencyCode) return
  throw new CampaignCurrencyDiffers(method.currencyCode, budgetCurrency)
}
