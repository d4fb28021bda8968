import {
  parse,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { PriceSet } from "../price/price.entity.ts"
import { priceSetResource } from "../price/price.resources.ts"
import {
  deletePrices,
  deletePricesOf,
  insertPrices,
  lockPrices,
  lockPriceSets,
  removePrices,
  updatePrices,
  writePrices,
} from "../price/price-rows.ts"
import { CreatePrices, PriceIds, UpdatePrices, type CreatePrice, type UpdatePrice } from "../price/price.schema.ts"
import { priceView } from "../price/price.view.ts"
import { comparePrices } from "./compare-prices.ts"
import { PriceSetCreated, PriceSetDeleted, PriceSetUpdated } from "./price-set.events.ts"
import { CreatePriceSets, PriceSetIds, SetManyPrices, type CreatePriceSet, type SetPrices } from "./price-set.schema.ts"

const view = { "*": true, prices: priceView } as const

/** A price set with all its prices, those of lists too. */
export type PriceSetView = Selected<PriceSet, typeof view>

/** What {@link PriceSetService.setPrices} changed. */
export interface PriceChanges {
  /** Ids of prices. */
  readonly created: readonly string[]
  readonly updated: readonly string[]
  readonly deleted: readonly string[]
  /** How many prices were as they shall be, and were not written. */
  readonly unchanged: number
}

/** Price sets and their base prices. Prices of lists are the lists' business. */
export class PriceSetService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {PriceTaken} {@link InvalidInput} */
  async create(input: CreatePriceSet = {}): Promise<PriceSetView> {
    return this.#db.transaction(async () => {
      const [id] = await this.createMany([input])
      return this.get(id as string)
    })
  }

  /**
   * Makes up to 10,000 sets in three statements.
   *
   * @throws {PriceTaken} {@link InvalidInput}
   * @returns the ids, in order.
   */
  async createMany(inputs: readonly CreatePriceSet[]): Promise<string[]> {
    const sets = parse(CreatePriceSets, inputs)
    return this.#db.transaction(async () => {
      const ids = await this.#db.insertRows(
        PriceSet,
        sets.map(() => ({})),
      )
      const prices = sets.flatMap((set, index) =>
        set.prices.map((price) => ({ ...price, priceSetId: ids[index] as string })),
      )
      await insertPrices(this.#db, prices)
      await this.#tell(PriceSetCreated, ids)
      return ids
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<PriceSetView> {
    return this.#query.get(priceSetResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<PriceSet> } = {}): Promise<Page<PriceSetView>> {
    return this.#query.list(priceSetResource, { ...options, fields: view })
  }

  /** Adds base prices. @throws {NotFound} {@link PriceTaken} {@link InvalidInput} */
  async addPrices(id: string, inputs: readonly CreatePrice[]): Promise<PriceSetView> {
    const prices = parse(CreatePrices, inputs)
    return this.#change(id, async () => {
      await insertPrices(
        this.#db,
        prices.map((price) => ({ ...price, priceSetId: id })),
      )
    })
  }

  /** Changes base prices. @throws {NotFound} {@link PriceTaken} {@link InvalidInput} */
  async updatePrices(id: string, inputs: readonly UpdatePrice[]): Promise<PriceSetView> {
    const updates = parse(UpdatePrices, inputs)
    return this.#change(id, () => updatePrices(this.#db, { priceSetIds: [id] }, updates))
  }

  /** Removes base prices. @throws {NotFound} when one of them is not the set's: none is removed. */
  async removePrices(id: string, priceIds: readonly string[]): Promise<PriceSetView> {
    const ids = parse(PriceIds, priceIds)
    return this.#change(id, () => removePrices(this.#db, { priceSetIds: [id] }, ids))
  }

  /**
   * Gives each of up to 10,000 sets the base prices that it shall have, in six statements at most. What is so already is
   * not written: to call it twice is to call it once. Sets that are changed at once wait for each other.
   *
   * @throws {NotFound} {@link PriceTaken} {@link InvalidInput}
   */
  async setPrices(inputs: readonly SetPrices[]): Promise<PriceChanges> {
    const sets = parse(SetManyPrices, inputs)
    if (sets.length === 0) return { created: [], updated: [], deleted: [], unchanged: 0 }
    return this.#db.transaction(async () => {
      const ids = sets.map(({ priceSetId }) => priceSetId)
      await lockPriceSets(this.#db, ids, "update")
      const current = await lockPrices(this.#db, { priceSetIds: ids }, null)
      const { added, changed, removed, unchanged } = comparePrices(current, sets)
      const deleted = removed.map(({ id }) => id)
      await deletePrices(this.#db, deleted)
      await writePrices(this.#db, changed)
      const created = await insertPrices(this.#db, added)
      const touched = new Set([...added, ...changed, ...removed].map(({ priceSetId }) => priceSetId))
      await this.#tell(PriceSetUpdated, [...touched])
      return { created, updated: changed.map(({ id }) => id), deleted, unchanged }
    })
  }

  /**
   * Keeps sets, and those that prices are of, from being deleted until the transaction under way ends: for whoever locks
   * prices before they add others. Whoever deletes a set takes the locks in that order. What is not there is passed over.
   */
  async hold(priceSetIds: readonly string[], priceIds: readonly string[]): Promise<void> {
    if (!this.#db.inTransaction) throw new TypeError("Price sets are held in a transaction")
    await this.#db.run(
      `select id from "pricing"."price_set" where deleted_at is null and (id = any($1::text[])
         or id in (select price_set_id from "pricing"."price" where id = any($2::text[]))) order by id for key share`,
      [priceSetIds, priceIds],
    )
  }

  /** Deletes a set with all its prices, those of lists too. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.deleteMany([id])
  }

  /** @throws {NotFound} when one of them does not exist: none is deleted. */
  async deleteMany(ids: readonly string[]): Promise<void> {
    const wanted = [...new Set(parse(PriceSetIds, ids))]
    await this.#db.transaction(async () => {
      await lockPriceSets(this.#db, wanted, "update")
      await this.#db.run(`update "pricing"."price_set" set deleted_at = $2::timestamptz where id = any($1::text[])`, [
        wanted,
        new Date().toISOString(),
      ])
      await deletePricesOf(this.#db, "price_set_id", wanted)
      await this.#tell(PriceSetDeleted, wanted)
    })
  }

  async #change(id: string, work: () => Promise<void>): Promise<PriceSetView> {
    return this.#db.transaction(async () => {
      await lockPriceSets(this.#db, [id], "update")
      await work()
      await this.#tell(PriceSetUpdated, [id])
      return this.get(id)
    })
  }

  #tell(event: typeof PriceSetUpdated, ids: readonly string[]): Promise<void> {
    return this.#events.emitMany(
      event,
      ids.map((id) => ({ id })),
    )
  }
}
