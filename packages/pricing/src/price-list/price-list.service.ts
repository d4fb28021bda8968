import {
  hold,
  NotFound,
  parse,
  rethrow,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { PriceList, type Price } from "../price/price.entity.ts"
import { priceListResource, priceResource } from "../price/price.resources.ts"
import {
  deletePricesOf,
  insertPrices,
  lockPriceSets,
  removePrices,
  updatePrices,
  type NewPrice,
} from "../price/price-rows.ts"
import { PriceSetIds } from "../price-set/price-set.schema.ts"
import {
  CreateListPrices,
  PriceIds,
  UpdatePrices,
  type CreateListPrice,
  type UpdatePrice,
} from "../price/price.schema.ts"
import { priceView } from "../price/price.view.ts"
import { DatesReversed } from "./price-list.errors.ts"
import { PriceListCreated, PriceListDeleted, PriceListUpdated } from "./price-list.events.ts"
import { CreatePriceLists, PriceListIds, UpdatePriceList, type CreatePriceList } from "./price-list.schema.ts"

const view = {
  id: true,
  title: true,
  description: true,
  type: true,
  status: true,
  startsAt: true,
  endsAt: true,
  rulesCount: true,
  metadata: true,
  createdAt: true,
  updatedAt: true,
  deletedAt: true,
  priceListRules: { id: true, attribute: true, value: true },
} as const
const listPriceView = { ...priceView, priceSetId: true } as const

/** A price list with its rules. Its prices may be many: see {@link PriceListService.listPrices}. */
export type PriceListView = Selected<PriceList, typeof view>
/** A price of a list, with the set that it is for. */
export type ListPriceView = Selected<Price, typeof listPriceView>

/** Price lists, their rules and their prices. */
export class PriceListService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {NotFound} {@link PriceTaken} {@link DatesReversed} {@link InvalidInput} */
  async create(input: CreatePriceList): Promise<PriceListView> {
    return this.#db.transaction(async () => {
      const [id] = await this.createMany([input])
      return this.get(id as string)
    })
  }

  /**
   * Makes up to 1,000 lists with their prices, in four statements.
   *
   * @throws {NotFound} {@link PriceTaken} {@link DatesReversed} {@link InvalidInput}
   * @returns the ids, in order.
   */
  async createMany(inputs: readonly CreatePriceList[]): Promise<string[]> {
    const lists = parse(CreatePriceLists, inputs)
    return this.#db.transaction(async () => {
      const given = lists.map(({ prices, ...fields }) => ({ prices, fields }))
      const rows = given.map(({ fields }) => fields)
      const ids = await this.#db.insertRows(PriceList, rows).catch(reversed)
      await this.#insert(
        given.flatMap(({ prices }, index) => prices.map((price) => ({ ...price, priceListId: ids[index] as string }))),
      )
      await this.#tell(PriceListCreated, ids)
      return ids
    })
  }

  /** @throws {NotFound} {@link DatesReversed} {@link InvalidInput} */
  async update(id: string, input: UpdatePriceList): Promise<PriceListView> {
    const data = parse(UpdatePriceList, input)
    return this.#db.transaction(async (em) => {
      const list = await em.findOne(PriceList, { id, deletedAt: null })
      if (list === null) throw new NotFound("Price list", id)
      em.assign(list, data)
      await em.flush().catch(reversed)
      await this.#tell(PriceListUpdated, [id])
      return this.get(id)
    })
  }

  /** Deletes a list with its prices. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.deleteMany([id])
  }

  /** @throws {NotFound} when one of them does not exist: none is deleted. */
  async deleteMany(ids: readonly string[]): Promise<void> {
    const wanted = [...new Set(parse(PriceListIds, ids))]
    await this.#db.transaction(async () => {
      await hold(this.#db, priceListResource, wanted, "update")
      await this.#db.run(`update "pricing"."price_list" set deleted_at = $2::timestamptz where id = any($1::text[])`, [
        wanted,
        new Date().toISOString(),
      ])
      await deletePricesOf(this.#db, "price_list_id", wanted)
      await this.#tell(PriceListDeleted, wanted)
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<PriceListView> {
    return this.#query.get(priceListResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<PriceList> } = {}): Promise<Page<PriceListView>> {
    return this.#query.list(priceListResource, { ...options, fields: view })
  }

  /** The prices of a list, by page; none when there is no such list. */
  async listPrices(id: string, options: ListOptions = {}): Promise<Page<ListPriceView>> {
    return this.#query.list(priceResource, { ...options, filter: { priceListId: id }, fields: listPriceView })
  }

  /** Adds prices, of any sets. @throws {NotFound} {@link PriceTaken} {@link InvalidInput} @returns their ids, in order. */
  async addPrices(id: string, inputs: readonly CreateListPrice[]): Promise<string[]> {
    const prices = parse(CreateListPrices, inputs)
    return this.#change(id, () => this.#insert(prices.map((price) => ({ ...price, priceListId: id }))))
  }

  /** Changes prices of the list. @throws {NotFound} {@link PriceTaken} {@link InvalidInput} */
  async updatePrices(id: string, inputs: readonly UpdatePrice[]): Promise<void> {
    const updates = parse(UpdatePrices, inputs)
    await this.#change(id, () => updatePrices(this.#db, { priceListId: id }, updates))
  }

  /** Removes prices from the list. @throws {NotFound} when one of them is not in it: none is removed. */
  async removePrices(id: string, priceIds: readonly string[]): Promise<void> {
    const ids = parse(PriceIds, priceIds)
    await this.#change(id, () => removePrices(this.#db, { priceListId: id }, ids))
  }

  /** Removes what the list says of price sets; those that it says nothing of are passed over. @throws {NotFound} */
  async removePriceSets(id: string, priceSetIds: readonly string[]): Promise<void> {
    const ids = parse(PriceSetIds, priceSetIds)
    await this.#change(id, () => deletePricesOf(this.#db, "price_set_id", ids, id))
  }

  async #change<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.#db.transaction(async () => {
      // Against being deleted while it gets prices.
      await hold(this.#db, priceListResource, [id], "key share")
      const result = await work()
      await this.#tell(PriceListUpdated, [id])
      return result
    })
  }

  async #insert(prices: readonly NewPrice[]): Promise<string[]> {
    if (prices.length === 0) return []
    await lockPriceSets(
      this.#db,
      prices.map(({ priceSetId }) => priceSetId),
      "key share",
    )
    return insertPrices(this.#db, prices)
  }

  #tell(event: typeof PriceListUpdated, ids: readonly string[]): Promise<void> {
    return this.#events.emitMany(
      event,
      ids.map((id) => ({ id })),
    )
  }
}

const reversed = rethrow(Error, () => new DatesReversed(), "price_list_dates_check")
