import {
  newId,
  NotFound,
  parse,
  rethrow,
  rethrowConstraint,
  UniqueConstraintViolationException,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import type { z } from "zod"
import { PricePreference } from "./price-preference.entity.ts"
import { PricePreferenceTaken } from "./price-preference.errors.ts"
import { PricePreferenceDeleted, PricePreferenceUpdated } from "./price-preference.events.ts"
import { pricePreferenceResource } from "./price-preference.resources.ts"
import { SetPricePreference, SetPricePreferences, UpdatePricePreference } from "./price-preference.schema.ts"

const view = { "*": true } as const

export type PricePreferenceView = Selected<PricePreference, typeof view>

/** Whether prices of a currency, or of a region, contain tax. Where nothing is said they do not. */
export class PricePreferenceService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {PricePreferenceTaken} {@link InvalidInput} */
  async create(input: SetPricePreference): Promise<PricePreferenceView> {
    const preference = parse(SetPricePreference, input)
    const { attribute, value } = preference
    const taken = () => new PricePreferenceTaken(attribute, value)
    return this.#db.transaction(async () => {
      // The unique index decides, not a query before the insert: two callers may race.
      const [id] = (await this.#db
        .insertRows(PricePreference, [preference])
        .catch(rethrowConstraint({ price_preference_key_unique: taken }))) as [string]
      await this.#events.emit(PricePreferenceUpdated, { id, attribute, value })
      return this.get(id)
    })
  }

  /** Makes the preference of a currency or region, or changes the one that there is. @throws {InvalidInput} */
  async set(input: SetPricePreference): Promise<PricePreferenceView> {
    const preference = parse(SetPricePreference, input)
    return this.#db.transaction(async () => {
      const [id] = await this.#set([preference])
      return this.get(id as string)
    })
  }

  /** Like {@link set}, for any number, each named once, in two statements. @returns their ids, in order. @throws {InvalidInput} */
  async setMany(inputs: readonly SetPricePreference[]): Promise<string[]> {
    const preferences = parse(SetPricePreferences, inputs)
    if (preferences.length === 0) return []
    return this.#db.transaction(() => this.#set(preferences))
  }

  /** @throws {NotFound} {@link PricePreferenceTaken} {@link InvalidInput} */
  async update(id: string, input: UpdatePricePreference): Promise<PricePreferenceView> {
    const data = parse(UpdatePricePreference, input)
    return this.#db.transaction(async (em) => {
      const preference = await em.findOne(PricePreference, { id, deletedAt: null })
      if (preference === null) throw new NotFound("Price preference", id)
      const { attribute, value, isTaxInclusive } = preference
      const next = parse(SetPricePreference, { attribute, value, isTaxInclusive, ...data })
      em.assign(preference, next)
      const taken = () => new PricePreferenceTaken(next.attribute, next.value)
      await em.flush().catch(rethrow(UniqueConstraintViolationException, taken, "price_preference_key_unique"))
      await this.#events.emit(PricePreferenceUpdated, { id, attribute: next.attribute, value: next.value })
      return this.get(id)
    })
  }

  /** @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      const { attribute, value } = await this.get(id)
      const deleted = await this.#db.run(
        `update "pricing"."price_preference" set deleted_at = $2::timestamptz where id = $1 and deleted_at is null`,
        [id, new Date().toISOString()],
      )
      if (deleted === 0) throw new NotFound("Price preference", id)
      await this.#events.emit(PricePreferenceDeleted, { id, attribute, value })
    })
  }

  /** Deletes the preference of a currency or region, if there is one. */
  async forget({ attribute, value }: Pick<SetPricePreference, "attribute" | "value">): Promise<void> {
    await this.#db.transaction(async () => {
      const [row] = await this.#db.sql<{ id: string }>(
        `update "pricing"."price_preference" set deleted_at = $3::timestamptz
         where attribute = $1 and value = $2 and deleted_at is null returning id`,
        [attribute, value, new Date().toISOString()],
      )
      if (row !== undefined) await this.#events.emit(PricePreferenceDeleted, { id: row.id, attribute, value })
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<PricePreferenceView> {
    return this.#query.get(pricePreferenceResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<PricePreference> } = {}): Promise<Page<PricePreferenceView>> {
    return this.#query.list(pricePreferenceResource, { ...options, fields: view })
  }

  async #set(preferences: readonly z.output<typeof SetPricePreference>[]): Promise<string[]> {
    const rows = preferences.map(({ attribute, value, isTaxInclusive }) => {
      return { id: newId("prpref"), attribute, value, is_tax_inclusive: isTaxInclusive }
    })
    // In one order, so that two callers do not wait for each other.
    const written = await this.#db.sql<{ id: string; attribute: string; value: string }>(
      `insert into "pricing"."price_preference" (id, attribute, value, is_tax_inclusive, created_at, updated_at)
       select id, attribute, value, is_tax_inclusive, $2::timestamptz, $2::timestamptz
       from json_to_recordset($1::json) as row (id text, attribute text, value text, is_tax_inclusive boolean)
       order by attribute, value
       on conflict (attribute, value) where deleted_at is null
       do update set is_tax_inclusive = excluded.is_tax_inclusive, updated_at = excluded.updated_at
       returning id, attribute, value`,
      [JSON.stringify(rows), new Date().toISOString()],
    )
    const ids = new Map(written.map(({ id, attribute, value }) => [`${attribute} ${value}`, id]))
    const set = preferences.map(({ attribute, value }) => {
      return { id: ids.get(`${attribute} ${value}`) as string, attribute, value }
    })
    await this.#events.emitMany(PricePreferenceUpdated, set)
    return set.map(({ id }) => id)
  }
}
