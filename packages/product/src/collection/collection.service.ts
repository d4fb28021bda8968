import {
  hold,
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
import { z } from "zod"
import { Assignment } from "../fields.ts"
import { chooseHandles, lockHandles } from "../handle/handles.ts"
import { collectionResource } from "../product/product.resources.ts"
import { refuse } from "../product/refusals.ts"
import { lockProducts } from "../product/state.ts"
import { ProductCollection } from "./collection.entity.ts"
import { CollectionCreated, CollectionDeleted, CollectionUpdated } from "./collection.events.ts"
import { CreateCollection, UpdateCollection } from "./collection.schema.ts"

const view = { "*": true } as const

/** A collection, without its products. */
export type CollectionView = Selected<ProductCollection, typeof view>

const kind = {
  entity: ProductCollection,
  resource: collectionResource,
  fields: view,
  created: CollectionCreated,
  updated: CollectionUpdated,
  deleted: CollectionDeleted,
  refuse: () => refuse,
}

/** Collections, and which products are in which. */
export class CollectionService {
  readonly #db: Database
  readonly #events: Events
  readonly #collections

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#collections = new Records(db, events, query, kind)
  }

  /** Without a handle it gets one from its title that no collection has. @throws {HandleTaken} {@link InvalidInput} */
  async create(input: CreateCollection): Promise<CollectionView> {
    const [collection] = await this.createMany([input])
    return collection as CollectionView
  }

  /** Adds any number of collections in a constant number of statements: all of them or none. */
  async createMany(inputs: readonly CreateCollection[]): Promise<CollectionView[]> {
    const rows = parse(z.array(CreateCollection).max(10_000), inputs)
    if (rows.length === 0) return []
    return this.#db.transaction(async () => {
      const handles = await chooseHandles(this.#db, "product_collection", rows)
      return this.#collections.insertMany(rows.map((row, index) => ({ ...row, handle: handles[index] as string })))
    })
  }

  /** @throws {NotFound} {@link HandleTaken} {@link InvalidInput} */
  async update(id: string, input: UpdateCollection): Promise<CollectionView> {
    const data = parse(UpdateCollection, input)
    return this.#db.transaction(async () => {
      if (data.handle !== undefined) await lockHandles(this.#db, "product_collection", { alone: [data.handle] })
      await this.#lock(id)
      return this.#collections.update(id, data)
    })
  }

  /**
   * Puts products into a collection, out of the one they were in, and takes others out.
   *
   * @throws {NotFound} when the collection or a product to add is not there.
   */
  async assignProducts(id: string, input: Assignment): Promise<void> {
    const { add, remove } = parse(Assignment, input)
    await this.#db.transaction(async () => {
      await this.#lock(id)
      if (add.length > 0) await lockProducts(this.#db, add)
      await this.#db.run(
        `update "product"."product" set updated_at = $4, collection_id = case when id = any($2::text[]) then $1 end
         where (id = any($2::text[]) or (id = any($3::text[]) and collection_id = $1)) and deleted_at is null`,
        [id, add, remove, new Date().toISOString()],
      )
      await this.#events.emit(CollectionUpdated, { id })
    })
  }

  /** Deletes a collection; its products are in none. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      await this.#lock(id)
      await this.#collections.delete(id, () =>
        this.#db.run(`update "product"."product" set collection_id = null where collection_id = $1`, [id]),
      )
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<CollectionView> {
    return this.#collections.get(id)
  }

  async findByHandle(handle: string): Promise<CollectionView | null> {
    return this.#collections.find({ handle })
  }

  async list(options: ListOptions & { filter?: Filter<ProductCollection> } = {}): Promise<Page<CollectionView>> {
    return this.#collections.list(options)
  }

  /** Waits for those who are putting products into it, and lets others wait. */
  async #lock(id: string): Promise<void> {
    await hold(this.#db, collectionResource, [id], "update")
  }
}
