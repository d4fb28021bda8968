import {
  newId,
  NotFound,
  parse,
  rethrow,
  UniqueConstraintViolationException,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { PricePreference } from "./price-preference.entity.ts"
import { PricePreferenceTaken } from "./price-preference.errors.ts"
import { PricePreferenceDeleted, PricePreferenceUpdated } from "./price-preference.events.ts"
import { pricePreferenceResource } from "./price-preference.resources.ts"
import { SetPricePreference, UpdatePricePreference } from "./price-preference.schema.ts"

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

  /** Makes the preference of a currency or region, or changes the one that there is. @throws {InvalidInput} */
  async set(input: SetPricePreference): Promise<PricePreferenceView> {
    const { attribute, value, isTaxInclusive } = parse(SetPricePreference, input)
    return this.#db.transaction(async () => {
      const [row] = await this.#db.sql<{ id: string }>(
        `insert into "pricing"."price_preference" (id, attribute, value, is_tax_inclusive, created_at, updated_at)
         values ($1, $2, $3, $4, $5::timestamptz, $5::timestamptz)
         on conflict (attribute, value) where deleted_at is null
         do update set is_tax_inclusive = excluded.is_tax_inclusive, updated_at = excluded.updated_at returning id`,
        [newId("prpref"), attribute, value, isTaxInclusive, new Date().toISOString()],
      )
      const { id } = row as { id: string }
      await this.#events.emit(PricePreferenceUpdated, { id, attribute, value })
      return this.get(id)
    })
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

  /** @throws {NotFound} */
  async get(id: string): Promise<PricePreferenceView> {
    return this.#query.get(pricePreferenceResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<PricePreference> } = {}): Promise<Page<PricePreferenceView>> {
    return this.#query.list(pricePreferenceResource, { ...options, fields: view })
  }
}
