import {
  assertFound,
  hold,
  NotFound,
  parse,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { Promotion } from "../promotion/promotion.entity.ts"
import { PromotionUpdated } from "../promotion/promotion.events.ts"
import { campaignResource, promotionResource } from "../promotion/promotion.resources.ts"
import { holdPromotions } from "../promotion/promotion-rows.ts"
import { budgetView } from "../promotion/promotion.view.ts"
import { Campaign, CampaignBudget } from "./campaign.entity.ts"
import { CampaignHasNoBudget } from "./campaign.errors.ts"
import { CampaignDeleted, CampaignUpdated } from "./campaign.events.ts"
import { assertCurrencyFits, holdCampaigns, insertCampaigns, refused } from "./campaign-rows.ts"
import { CreateCampaign, CreateCampaigns, PromotionIds, UpdateCampaign, type NewCampaign } from "./campaign.schema.ts"

const view = {
  id: true,
  name: true,
  description: true,
  campaignIdentifier: true,
  startsAt: true,
  endsAt: true,
  createdAt: true,
  updatedAt: true,
  deletedAt: true,
  budget: budgetView,
} as const

/** A campaign with its budget. */
export type CampaignView = Selected<Campaign, typeof view>

/** Campaigns, their budgets, and which promotions are in them. */
export class CampaignService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {CampaignIdentifierTaken} {@link CampaignDatesReversed} {@link InvalidInput} */
  async create(input: CreateCampaign): Promise<CampaignView> {
    const [made] = await this.#insert([parse(CreateCampaign, input)])
    return made as CampaignView
  }

  /** Up to 1,000, all or none, in four statements; answered in order. @throws as {@link create} does. */
  async createMany(inputs: readonly CreateCampaign[]): Promise<CampaignView[]> {
    return this.#insert(parse(CreateCampaigns, inputs))
  }

  async #insert(data: readonly NewCampaign[]): Promise<CampaignView[]> {
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      const ids = await insertCampaigns(this.#db, this.#events, data)
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }

  /**
   * @throws {NotFound} {@link CampaignIdentifierTaken} {@link CampaignDatesReversed} {@link InvalidInput}
   * @throws {CampaignHasNoBudget} {@link LimitBelowUsed}
   */
  async update(id: string, input: UpdateCampaign): Promise<CampaignView> {
    const { budget, ...data } = parse(UpdateCampaign, input)
    return this.#db.transaction(async (em) => {
      const identifiers = data.campaignIdentifier === undefined ? [] : [data.campaignIdentifier]
      const now = new Date()
      const changed = await em
        .nativeUpdate(Campaign, { id, deletedAt: null }, { ...data, updatedAt: now })
        .catch(refused(identifiers))
      if (changed === 0) throw new NotFound("Campaign", id)
      if (budget !== undefined) {
        const limited = await em
          .nativeUpdate(CampaignBudget, { campaign: id }, { limit: budget.limit, updatedAt: now })
          .catch(refused([]))
        if (limited === 0) throw new CampaignHasNoBudget(id)
      }
      await this.#events.emit(CampaignUpdated, { id })
      return this.get(id)
    })
  }

  /**
   * Deletes a campaign. Its promotions are in none then; the active ones become inactive, so that none goes on without
   * the dates and the budget that it had. @throws {NotFound}
   */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      const now = new Date().toISOString()
      // Promotions before their campaign, as everywhere; then those that came until the campaign was held.
      const freed = await this.#free(id, now)
      await hold(this.#db, campaignResource, [id], "update")
      freed.push(...(await this.#free(id, now)))
      await this.#db.run(
        `with budget as (update "promotion"."campaign_budget" set deleted_at = $2::timestamptz where campaign_id = $1)
         update "promotion"."campaign" set deleted_at = $2::timestamptz, updated_at = $2::timestamptz where id = $1`,
        [id, now],
      )
      await this.#tellPromotions(freed)
      await this.#events.emit(CampaignDeleted, { id })
    })
  }

  /**
   * Puts promotions into a campaign, out of another one where they are in one.
   *
   * @throws {NotFound} when the campaign or one of the promotions does not exist: none is added.
   * @throws {CampaignCurrencyDiffers} {@link InvalidInput}
   */
  async addPromotions(id: string, promotionIds: readonly string[]): Promise<CampaignView> {
    const ids = [...new Set(parse(PromotionIds, promotionIds))]
    return this.#db.transaction(async () => {
      const held = await holdPromotions(this.#db, ids)
      const currency = (await holdCampaigns(this.#db, [id])).get(id)
      for (const { applicationMethod } of held) assertCurrencyFits(applicationMethod, currency)
      await this.#db.updateRows(
        Promotion,
        ids.map((promotionId) => ({ id: promotionId, campaign: id })),
      )
      return this.#changed(id, ids)
    })
  }

  /**
   * Takes promotions out of a campaign. They go on without its dates and its budget.
   *
   * @throws {NotFound} when the campaign does not exist, or one of the promotions is not in it: none is removed.
   */
  async removePromotions(id: string, promotionIds: readonly string[]): Promise<CampaignView> {
    const ids = [...new Set(parse(PromotionIds, promotionIds))]
    return this.#db.transaction(async () => {
      const removed = await this.#db.sql<{ id: string }>(
        `with held as (
           select id from "promotion"."promotion" where id = any($2::text[]) and campaign_id = $1 and deleted_at is null
           order by id for no key update
         )
         update "promotion"."promotion" p set campaign_id = null, updated_at = $3::timestamptz
         from held where p.id = held.id returning p.id`,
        [id, ids, new Date().toISOString()],
      )
      await hold(this.#db, campaignResource, [id], "key share")
      const found = removed.map((row) => row.id)
      assertFound(promotionResource, ids, found)
      return this.#changed(id, ids)
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<CampaignView> {
    return this.#query.get(campaignResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<Campaign> } = {}): Promise<Page<CampaignView>> {
    return this.#query.list(campaignResource, { ...options, fields: view })
  }

  async #free(campaignId: string, now: string): Promise<string[]> {
    const rows = await this.#db.sql<{ id: string }>(
      `with held as (
         select id from "promotion"."promotion" where campaign_id = $1 order by id for no key update
       )
       update "promotion"."promotion" p set campaign_id = null, updated_at = $2::timestamptz,
         status = case status when 'active' then 'inactive' else status end
       from held where p.id = held.id returning p.id`,
      [campaignId, now],
    )
    return rows.map(({ id }) => id)
  }

  async #changed(id: string, promotionIds: readonly string[]): Promise<CampaignView> {
    await this.#tellPromotions(promotionIds)
    await this.#events.emit(CampaignUpdated, { id })
    return this.get(id)
  }

  #tellPromotions(ids: readonly string[]): Promise<void> {
    return this.#events.emitMany(
      PromotionUpdated,
      ids.map((id) => ({ id })),
    )
  }
}
