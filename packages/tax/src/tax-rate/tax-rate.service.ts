import {
  newId,
  NotFound,
  parse,
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
import { softDeleteOf } from "../tax/soft-delete.ts"
import { TaxRate, TaxRateRule } from "../tax/tax.entity.ts"
import { DefaultTaxRateTaken, TaxRateRuleTaken } from "../tax/tax.errors.ts"
import { taxRateResource } from "../tax/tax.resources.ts"
import { TaxRateCreated, TaxRateDeleted, TaxRateUpdated } from "./tax-rate.events.ts"
import { CreateTaxRate, CreateTaxRates, TaxRateRuleIds, TaxRateRuleInputs, UpdateTaxRate } from "./tax-rate.schema.ts"

const view = { "*": true, rules: { id: true, reference: true, referenceId: true } } as const

/** A tax rate with its rules. */
export type TaxRateView = Selected<TaxRate, typeof view>

type NewRule = z.output<typeof TaxRateRuleInputs>[number]

/** Rates of tax regions, and what they are for. */
export class TaxRateService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
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
    return this.#db.transaction(async (em) => {
      // Holds the row until the end, so that changes and the deletion of one rate follow each other.
      const changed = await em
        .nativeUpdate(TaxRate, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
        .catch(refusals)
      if (changed === 0) throw new NotFound("Tax rate", id)
      if (rules !== undefined) await this.#replaceRules(id, rules)
      await this.#events.emit(TaxRateUpdated, { id })
      return this.get(id)
    })
  }

  /** @throws {NotFound} {@link TaxRateRuleTaken} {@link InvalidInput} */
  async addRules(id: string, inputs: z.input<typeof TaxRateRuleInputs>): Promise<TaxRateView> {
    const rules = parse(TaxRateRuleInputs, inputs)
    return this.#change(id, () => this.#insertRules(rules.map((rule) => ({ ...rule, taxRate: id }))))
  }

  /** @throws {NotFound} when one of the rules is not the rate's: none is removed. {@link InvalidInput} */
  async removeRules(id: string, ruleIds: readonly string[]): Promise<TaxRateView> {
    const ids = [...new Set(parse(TaxRateRuleIds, ruleIds))]
    return this.#change(id, async () => {
      const rules = await this.#db.sql<{ id: string }>(
        `select id from "tax"."tax_rate_rule" where tax_rate_id = $1 and id = any($2::text[]) and deleted_at is null`,
        [id, ids],
      )
      const found = new Set(rules.map((rule) => rule.id))
      const missing = ids.find((ruleId) => !found.has(ruleId))
      if (missing !== undefined) throw new NotFound("Tax rate rule", missing)
      await this.#deleteRules(ids)
    })
  }

  /** Deletes a rate with its rules. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.deleteMany([id])
  }

  /** @throws {NotFound} when one of them does not exist: none is deleted. */
  async deleteMany(ids: readonly string[]): Promise<void> {
    const wanted = [...new Set(ids)]
    const now = new Date().toISOString()
    await this.#db.transaction(async () => {
      const deleted = new Set(await softDeleteOf(this.#db, ["tax_rate", "id"], wanted, now))
      const missing = wanted.find((id) => !deleted.has(id))
      if (missing !== undefined) throw new NotFound("Tax rate", missing)
      await softDeleteOf(this.#db, ["tax_rate_rule", "tax_rate_id"], wanted, now)
      await this.#events.emitMany(
        TaxRateDeleted,
        wanted.map((id) => ({ id })),
      )
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<TaxRateView> {
    return this.#query.get(taxRateResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<TaxRate> } = {}): Promise<Page<TaxRateView>> {
    return this.#query.list(taxRateResource, { ...options, fields: view })
  }

  async #insert(data: z.output<typeof CreateTaxRates>): Promise<TaxRateView[]> {
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      await this.#holdRegions(data.map(({ taxRegionId }) => taxRegionId))
      const rates: (Record<string, unknown> & { id: string })[] = []
      const rules: (NewRule & { taxRate: string })[] = []
      for (const { taxRegionId, rules: its, ...rate } of data) {
        const id = newId("txr")
        rates.push({ ...rate, id, taxRegion: taxRegionId })
        for (const rule of its) rules.push({ ...rule, taxRate: id })
      }
      const ids = await this.#db.insertRows(TaxRate, rates).catch(refusals)
      await this.#insertRules(rules)
      await this.#events.emitMany(
        TaxRateCreated,
        ids.map((id) => ({ id })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }

  /** Keeps regions from being deleted until the transaction ends. */
  async #holdRegions(ids: readonly string[]): Promise<void> {
    const wanted = [...new Set(ids)]
    const rows = await this.#db.sql<{ id: string }>(
      `select id from "tax"."tax_region" where id = any($1::text[]) and deleted_at is null order by id for share`,
      [wanted],
    )
    const found = new Set(rows.map(({ id }) => id))
    const missing = wanted.find((id) => !found.has(id))
    if (missing !== undefined) throw new NotFound("Tax region", missing)
  }

  async #change(id: string, work: () => Promise<void>): Promise<TaxRateView> {
    return this.#db.transaction(async (em) => {
      const held = await em.nativeUpdate(TaxRate, { id, deletedAt: null }, { updatedAt: new Date() })
      if (held === 0) throw new NotFound("Tax rate", id)
      await work()
      await this.#events.emit(TaxRateUpdated, { id })
      return this.get(id)
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
