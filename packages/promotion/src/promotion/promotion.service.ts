import {
  InvalidInput,
  NotFound,
  parse,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
} from "@marquetry/kernel"
import { Amount } from "@marquetry/money"
import { assertCurrencyFits, holdCampaigns } from "../campaign/campaign-rows.ts"
import { CandidateQuery } from "../computation/candidate.schema.ts"
import { computePromotions } from "../computation/compute-promotions.ts"
import type { CandidatePromotion, PromotionCart, PromotionVerdict } from "../computation/computation.types.ts"
import { readCandidates } from "../computation/read-candidates.ts"
import { registerUsage, revertUsage } from "../usage/register-usage.ts"
import { RegisterUsage, UsageKey } from "../usage/usage.schema.ts"
import { changeRules } from "./change-rules.ts"
import { ApplicationMethod, Promotion } from "./promotion.entity.ts"
import { PromotionCreated, PromotionDeleted, PromotionUpdated } from "./promotion.events.ts"
import { faultsOf, type PromotionShape } from "./promotion-faults.ts"
import { promotionResource, promotionRuleResource } from "./promotion.resources.ts"
import { holdPromotions, insertPromotions, refused } from "./promotion-rows.ts"
import {
  ChangeRules,
  CreatePromotion,
  CreatePromotions,
  UpdatePromotion,
  type NewPromotion,
} from "./promotion.schema.ts"
import { promotionView, ruleView, type PromotionRuleView, type PromotionView } from "./promotion.view.ts"
import type { RuleRole } from "./promotion.types.ts"

/** Promotions for a cart. */
export interface Candidates {
  /** Those with the codes, and the automatic ones, for {@link computePromotions}. */
  readonly promotions: readonly CandidatePromotion[]
  /** Codes that no promotion has, or only one that is a draft or inactive. For {@link UnknownPromotionCode}. */
  readonly unknownCodes: readonly string[]
}

/** What {@link PromotionService.changeRules} did. */
export interface RuleBatch {
  readonly created: readonly PromotionRuleView[]
  readonly updated: readonly PromotionRuleView[]
  /** Ids. */
  readonly deleted: readonly string[]
}

/** Promotions: their rules and methods, which of them may apply to a cart, and how often they were used. */
export class PromotionService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /**
   * @throws {PromotionCodeTaken} {@link InvalidInput}
   * @throws {NotFound} {@link CampaignCurrencyDiffers} {@link CampaignIdentifierTaken} {@link CampaignDatesReversed}
   */
  async create(input: CreatePromotion): Promise<PromotionView> {
    const [made] = await this.#insert([parse(CreatePromotion, input)])
    return made as PromotionView
  }

  /**
   * Up to 1,000, all or none, in as many statements as one; answered in order.
   *
   * @throws as {@link create} does.
   */
  async createMany(inputs: readonly CreatePromotion[]): Promise<PromotionView[]> {
    return this.#insert(parse(CreatePromotions, inputs))
  }

  async #insert(data: readonly NewPromotion[]): Promise<PromotionView[]> {
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      const ids = await insertPromotions(this.#db, this.#events, data)
      await this.#tell(PromotionCreated, ids)
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }

  /** @throws {NotFound} {@link PromotionCodeTaken} {@link LimitBelowUsed} {@link CampaignCurrencyDiffers} {@link InvalidInput} */
  async update(id: string, input: UpdatePromotion): Promise<PromotionView> {
    const { applicationMethod = {}, campaignId, ...data } = parse(UpdatePromotion, input)
    return this.#db.transaction(async () => {
      const held = await this.#hold(id)
      const next = {
        type: data.type ?? held.type,
        applicationMethod: { ...held.applicationMethod, ...applicationMethod },
      }
      assertConsistent(next)
      const campaigns = await holdCampaigns(this.#db, typeof campaignId === "string" ? [campaignId] : [])
      const budgetCurrency = campaignId === undefined ? held.budgetCurrency : campaigns.get(campaignId ?? "")
      assertCurrencyFits(next.applicationMethod, budgetCurrency)
      const changes = campaignId === undefined ? data : { ...data, campaign: campaignId }
      const codes = data.code === undefined ? [] : [data.code]
      await this.#db.updateRows(Promotion, [{ id, ...changes }]).catch(refused(codes))
      if (Object.keys(applicationMethod).length > 0) {
        await this.#db.updateRows(ApplicationMethod, [{ id: held.applicationMethod.id, ...applicationMethod }])
      }
      await this.#tell(PromotionUpdated, [id])
      return this.get(id)
    })
  }

  /**
   * Adds, changes and removes rules of one role. Rules that are not named stay.
   *
   * @throws {NotFound} when the promotion, or a rule that is named, does not exist in that role: nothing is changed.
   * @throws {InvalidInput}
   */
  async changeRules(id: string, role: RuleRole, input: ChangeRules): Promise<RuleBatch> {
    const changes = parse(ChangeRules, input)
    return this.#db.transaction(async () => {
      const held = await this.#hold(id)
      const { applicationMethod } = held
      const current = role === "rules" ? held.rules : applicationMethod[role]
      const changed = changeRules(current, changes)
      if (role !== "rules") {
        assertConsistent({ ...held, applicationMethod: { ...applicationMethod, [role]: changed.rules } })
        const column = role === "targetRules" ? "targetConditions" : "buyConditions"
        await this.#db.updateRows(ApplicationMethod, [{ id: applicationMethod.id, [column]: changed.rules }])
      }
      await this.#db.updateRows(Promotion, [{ id, ...(role === "rules" ? { conditions: changed.rules } : {}) }])
      await this.#tell(PromotionUpdated, [id])
      const rules = new Map((await this.listRules(id, role)).map((rule) => [rule.id, rule]))
      const pick = (ids: readonly string[]) => ids.flatMap((ruleId) => rules.get(ruleId) ?? [])
      return { created: pick(changed.created), updated: pick(changed.updated), deleted: changed.deleted }
    })
  }

  /** Deletes it; its code is free for others. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      const deleted = await this.#db.run(
        `with gone as (
           update "promotion"."promotion" set deleted_at = $2::timestamptz, updated_at = $2::timestamptz
           where id = $1 and deleted_at is null returning id
         )
         update "promotion"."application_method" m set deleted_at = $2::timestamptz from gone where m.promotion_id = gone.id`,
        [id, new Date().toISOString()],
      )
      if (deleted === 0) throw new NotFound("Promotion", id)
      await this.#tell(PromotionDeleted, [id])
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<PromotionView> {
    return this.#query.get(promotionResource, id, { fields: promotionView })
  }

  /** The promotion with exactly that code, whatever its status. */
  async findByCode(code: string): Promise<PromotionView | null> {
    return this.#query.find(promotionResource, { fields: promotionView, filter: { code } })
  }

  async list(options: ListOptions & { filter?: Filter<Promotion> } = {}): Promise<Page<PromotionView>> {
    return this.#query.list(promotionResource, { ...options, fields: promotionView })
  }

  /** The rules of one role, in the order in which they were made; none when there is no such promotion. */
  async listRules(id: string, role: RuleRole): Promise<PromotionRuleView[]> {
    const owners = {
      rules: { promotionId: id },
      targetRules: { targetMethod: { promotionId: id } },
      buyRules: { buyMethod: { promotionId: id } },
    } as const
    const options = { fields: ruleView, filter: owners[role], limit: 100, count: false }
    return (await this.#query.list(promotionRuleResource, options)).rows
  }

  /**
   * The promotions that may apply to a cart, in one statement: those with the codes whatever their status, and the
   * automatic ones that are active, not used up and inside their campaign. What of them does apply is computed by
   * {@link computePromotions}.
   *
   * @throws {InvalidInput}
   */
  async candidates(query: CandidateQuery = {}): Promise<Candidates> {
    const { codes, at = new Date(), ...customer } = parse(CandidateQuery, query)
    const promotions = await readCandidates(this.#db, codes, customer, at)
    const known = new Set(promotions.filter(({ status }) => status === "active").map(({ code }) => code))
    return { promotions, unknownCodes: [...new Set(codes)].filter((code) => !known.has(code)) }
  }

  /**
   * Why each promotion applies to a cart or does not, codes that there are not included: for people who wonder. The
   * customer of budgets is that of the cart.
   *
   * @throws {InvalidInput}
   */
  async explain(cart: PromotionCart, query: Pick<CandidateQuery, "codes" | "at"> = {}): Promise<PromotionVerdict[]> {
    const { customerId = null, email = null } = cart
    const { codes, at = new Date(), ...customer } = parse(CandidateQuery, { ...query, customerId, email })
    const promotions = await readCandidates(this.#db, codes, customer, null)
    const known = new Set(promotions.map(({ code }) => code))
    const unknown = [...new Set(codes)].filter((code) => !known.has(code))
    return [
      ...computePromotions(cart, promotions, at).verdicts,
      ...unknown.map((code): PromotionVerdict => {
        return { promotionId: null, code, applied: false, reason: "unknown_code", amount: Amount.zero }
      }),
    ]
  }

  /**
   * Counts the promotions that an order uses, in one statement: to be called in the order's transaction, late, because
   * the promotions are held until its end. What was registered under the same key before is not counted again.
   *
   * @throws {PromotionLimitReached} when a limit or a budget has no room for all of it. Let it pass: what was counted
   *   before the refusal is undone with the transaction.
   * @throws {NotFound} {@link InvalidInput}
   */
  async registerUsage(input: RegisterUsage): Promise<void> {
    await registerUsage(this.#db, parse(RegisterUsage, input))
  }

  /** Takes back what was registered under a key, once however often it is asked for; nothing where there is nothing. */
  async revertUsage(key: string): Promise<void> {
    await revertUsage(this.#db, parse(UsageKey, key))
  }

  async #hold(id: string) {
    const [held] = await holdPromotions(this.#db, [id])
    if (held === undefined) throw new NotFound("Promotion", id)
    return held
  }

  #tell(event: typeof PromotionUpdated, ids: readonly string[]): Promise<void> {
    return this.#events.emitMany(
      event,
      ids.map((id) => ({ id })),
    )
  }
}

function assertConsistent(promotion: PromotionShape): void {
  const faults = faultsOf(promotion)
  if (faults.length > 0) throw new InvalidInput(faults)
}
