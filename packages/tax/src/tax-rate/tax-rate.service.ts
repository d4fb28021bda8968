import {
  assertFound,
  hold,
  newId,
  parse,
  Records,
  rethrowConstraint,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import type { z } from "zod"
import { TaxRate, TaxRateRule } from "../tax/tax.entity.ts"
import { DefaultTaxRateTaken, TaxRateRuleTaken } from "../tax/tax.errors.ts"
import { taxRateResource, taxRateRuleResource, taxRegionResource } from "../tax/tax.resources.ts"
import { TaxRateCreated, TaxRateDeleted, TaxRateUpdated } from "./tax-rate.events.ts"
import { CreateTaxRate, CreateTaxRates, TaxRateRuleIds, TaxRateRuleInputs, UpdateTaxRate } from "./tax-rate.schema.ts"

const view = { "*": true, rules: { id: true, reference: true, referenceId: true } } as const

/** A tax rate with its rules. */
export type TaxRateView = Selected<TaxRate, typeof view>

type NewRule = z.output<typeof TaxRateRuleInputs>[number]

const kind = {
  entity: TaxRate,
  resource: taxRateResource,
  fields: view,
  created: TaxRateCreated,
  updated: TaxRateUpdated,
  deleted: TaxRateDeleted,
  refuse: () => refusals,
}

/** Rates of tax regions, and what they are for. */
export class TaxRateService {
  readonly #db: Database
  readonly #rates

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#rates = new Records(db, events, query, kind)
  }

  /** @throws {NotFound} without that region. {@link DefaultTaxRateTaken} {@link TaxRateRuleTaken} {@link InvalidInput} */
  async create(input: CreateTaxRate): Promise<TaxRateView> {
    const [made] = await this.#insert([parse(CreateTaxRate, input)])
    return made as TaxRateView
  }

  /**
   * All of them or none, in five statements whatever their number; answered in order.
   *
   * @throws {NotFound} without one of the regions. {@link DefaultTaxRateTaken} {@link TaxRateRuleTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateTaxRates): Promise<TaxRateView[]> {
    return this.#insert(parse(CreateTaxRates, inputs))
  }

  /** @throws {NotFound} {@link DefaultTaxRateTaken} {@link TaxRateRuleTaken} {@link InvalidInput} */
  async update(id: string, input: UpdateTaxRate): Promise<TaxRateView> {
    const { rules, ...data } = parse(UpdateTaxRate, input)
    return this.#rates.update(id, data, async () => {
      if (rules !== undefined) await this.#replaceRules(id, rules)
    })
  }

  /** @throws {NotFound} {@link TaxRateRuleTaken} {@link InvalidInput} */
  async addRules(id: string, inputs: z.input<typeof TaxRateRuleInputs>): Promise<TaxRateView> {
    const rules = parse(TaxRateRuleInputs, inputs)
    return this.#rates.update(id, {}, () => this.#insertRules(rules.map((rule) => ({ ...rule, taxRate: id }))))
  }

  /** @throws {NotFound} when one of the rules is not the rate's: none is removed. {@link InvalidInput} */
  async removeRules(id: string, ruleIds: readonly string[]): Promise<TaxRateView> {
    const ids = [...new Set(parse(TaxRateRuleIds, ruleIds))]
    return this.#rates.update(id, {}, async () => {
      const rules = await this.#db.sql<{ id: string }>(
        `select id from "tax"."tax_rate_rule" where tax_rate_id = $1 and id = any($2::text[]) and deleted_at is null`,
        [id, ids],
      )
      const found = rules.map((rule) => rule.id)
      assertFound(taxRateRuleResource, ids, found)
      await this.#deleteRules(ids)
    })
  }

  /** Deletes a rate with its rules. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.deleteMany([id])
  }

  /** @throws {NotFound} when one of them does not exist: none is deleted. */
  async deleteMany(ids: readonly string[]): Promise<void> {
    await this.#rates.deleteMany(ids, (gone) => this.#db.softDeleteRows(TaxRateRule, "taxRate", gone))
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<TaxRateView> {
    return this.#rates.get(id)
  }

  async list(options: ListOptions & { filter?: Filter<TaxRate> } = {}): Promise<Page<TaxRateView>> {
    return this.#rates.list(options)
  }

  async #insert(data: z.output<typeof CreateTaxRates>): Promise<TaxRateView[]> {
    if (data.length === 0) return []
    const made = data.map(({ taxRegionId, rules, ...rate }) => {
      return { rate: { ...rate, id: newId("txr"), taxRegion: taxRegionId }, rules }
    })
    const rates = made.map(({ rate }) => rate)
    const rules = made.flatMap((one) => one.rules.map((rule) => ({ ...rule, taxRate: one.rate.id })))
    return this.#db.transaction(async () => {
      // None is deleted before its rates are there to be deleted with it.
      const regions = data.map(({ taxRegionId }) => taxRegionId)
      await hold(this.#db, taxRegionResource, regions, "share")
      return this.#rates.insertMany(rates, () => this.#insertRules(rules))
    })
  }

  /** What is so already is left as it is, with its id. The rate is held. */
  async #replaceRules(id: string, rules: readonly NewRule[]): Promise<void> {
    const current = await this.#db.sql<{ id: string; reference: string; reference_id: string }>(
      `select id, reference, reference_id from "tax"."tax_rate_rule" where tax_rate_id = $1 and deleted_at is null`,
      [id],
    )
    const kept = new Set(current.map(({ reference, reference_id }) => `${reference} ${reference_id}`))
    const wanted = new Set(rules.map(keyOf))
    const removed = current.filter(({ reference, reference_id }) => !wanted.has(`${reference} ${reference_id}`))
    if (removed.length > 0) await this.#deleteRules(removed.map((rule) => rule.id))
    const added = rules.filter((rule) => !kept.has(keyOf(rule)))
    await this.#insertRules(added.map((rule) => ({ ...rule, taxRate: id })))
  }

  async #insertRules(rules: readonly (NewRule & { taxRate: string })[]): Promise<void> {
    await this.#db.insertRows(TaxRateRule, rules).catch(refusals)
  }

  /** The rate is held, and with it its rules. */
  async #deleteRules(ids: readonly string[]): Promise<void> {
    await this.#db.run(
      `update "tax"."tax_rate_rule" set deleted_at = $2::timestamptz, updated_at = $2::timestamptz where id = any($1::text[])`,
      [ids, new Date().toISOString()],
    )
  }
}

const keyOf = ({ reference, referenceId }: NewRule) => `${reference} ${referenceId}`

const refusals = rethrowConstraint({
  tax_rate_default_unique: () => new DefaultTaxRateTaken(),
  tax_rate_rule_key_unique: () => new TaxRateRuleTaken(),
})
