import {
  parse,
  Records,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import type { z } from "zod"
import { Store, StoreCurrency, StoreLocale } from "./store.entity.ts"
import { StoreMissing } from "./store.errors.ts"
import { StoreCreated, StoreDeleted, StoreUpdated } from "./store.events.ts"
import { storeResource } from "./store.resources.ts"
import { CreateStore, UpdateStore } from "./store.schema.ts"
import { replaceCurrencies, replaceLocales } from "./supported-lists.ts"

const view = {
  "*": true,
  supportedCurrencies: { id: true, currencyCode: true, isDefault: true },
  supportedLocales: { id: true, localeCode: true },
} as const

/** A store with its currencies and locales, in their order. */
export type StoreView = Selected<Store, typeof view>

const kind = {
  entity: Store,
  resource: storeResource,
  fields: view,
  created: StoreCreated,
  updated: StoreUpdated,
  deleted: StoreDeleted,
}

/** The stores, of which there is usually one. */
export class StoreService {
  readonly #db: Database
  readonly #stores

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#stores = new Records(db, events, query, kind)
  }

  /** Adds a store, whether there is one or not. @throws {InvalidInput} */
  async create(input: CreateStore): Promise<StoreView> {
    return this.#insert(parse(CreateStore, input))
  }

  /**
   * The store that there is, as {@link getDefault} has it, or else a new one. Any number of processes may ask at once:
   * one makes it, and all are answered the same.
   *
   * @throws {InvalidInput} even when the input is not needed.
   */
  async ensure(input: CreateStore): Promise<StoreView> {
    const data = parse(CreateStore, input)
    const found = await this.#oldest()
    if (found !== undefined) return found
    return this.#db.transaction(async () => {
      // No unique index can say "one at most, unless asked for", so whoever finds none lets no one else write until
      // it has looked again. Happens once in the life of a database.
      await this.#db.run(`lock table "store"."store" in share row exclusive mode`)
      return (await this.#oldest()) ?? this.#insert(data)
    })
  }

  /** @throws {NotFound} {@link InvalidInput} */
  async update(id: string, input: UpdateStore): Promise<StoreView> {
    const { supportedCurrencies, supportedLocales, ...data } = parse(UpdateStore, input)
    return this.#stores.update(id, data, async () => {
      if (supportedCurrencies !== undefined) await replaceCurrencies(this.#db, id, supportedCurrencies)
      if (supportedLocales !== undefined) await replaceLocales(this.#db, id, supportedLocales)
    })
  }

  /** @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#stores.delete(id)
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<StoreView> {
    return this.#stores.get(id)
  }

  /** The oldest of the stores that are not deleted: where there is one, that one. @throws {StoreMissing} */
  async getDefault(): Promise<StoreView> {
    const store = await this.#oldest()
    if (store === undefined) throw new StoreMissing()
    return store
  }

  async list(options: ListOptions & { filter?: Filter<Store> } = {}): Promise<Page<StoreView>> {
    return this.#stores.list(options)
  }

  async #oldest(): Promise<StoreView | undefined> {
    const { rows } = await this.list({ order: { createdAt: "asc" }, limit: 1, count: false })
    return rows[0]
  }

  async #insert(data: z.output<typeof CreateStore>): Promise<StoreView> {
    const { supportedCurrencies, supportedLocales, ...plain } = data
    return this.#stores.insert(plain, async (store) => {
      const inList = <Item extends object>(items: readonly Item[]) =>
        items.map((item, rank) => ({ ...item, store, rank }))
      await this.#db.insertRows(StoreCurrency, inList(supportedCurrencies))
      await this.#db.insertRows(StoreLocale, inList(supportedLocales))
    })
  }
}
