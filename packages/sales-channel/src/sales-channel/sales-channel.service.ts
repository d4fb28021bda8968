import {
  MAX_LIMIT,
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
import type { z } from "zod"
import { SalesChannel } from "./sales-channel.entity.ts"
import {
  SalesChannelCreated,
  SalesChannelDeleted,
  SalesChannelRestored,
  SalesChannelUpdated,
} from "./sales-channel.events.ts"
import { salesChannelResource } from "./sales-channel.resources.ts"
import { CreateSalesChannel, CreateSalesChannels, UpdateSalesChannel } from "./sales-channel.schema.ts"

const view = { "*": true } as const

/** A sales channel with all its fields. */
export type SalesChannelView = Selected<SalesChannel, typeof view>

/** The ways to the shopper. Which products, stock and keys belong to one is a matter of links. */
export class SalesChannelService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {InvalidInput} */
  async create(input: CreateSalesChannel): Promise<SalesChannelView> {
    const [channel] = await this.#insert([parse(CreateSalesChannel, input)])
    return channel as SalesChannelView
  }

  /** All of them or none, in three statements whatever their number; answered in order. @throws {InvalidInput} */
  async createMany(inputs: CreateSalesChannels): Promise<SalesChannelView[]> {
    return this.#insert(parse(CreateSalesChannels, inputs))
  }

  /** @throws {NotFound} {@link InvalidInput} */
  async update(id: string, input: UpdateSalesChannel): Promise<SalesChannelView> {
    const data = parse(UpdateSalesChannel, input)
    return this.#db.transaction(async (em) => {
      const changed = await em.nativeUpdate(SalesChannel, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
      if (changed === 0) throw new NotFound("Sales channel", id)
      await this.#events.emit(SalesChannelUpdated, { id })
      return this.get(id)
    })
  }

  /** Deletes a sales channel. Carts and orders that name it keep its id. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    const now = new Date()
    await this.#db.transaction(async (em) => {
      const deleted = await em.nativeUpdate(SalesChannel, { id, deletedAt: null }, { deletedAt: now, updatedAt: now })
      if (deleted === 0) throw new NotFound("Sales channel", id)
      await this.#events.emit(SalesChannelDeleted, { id })
    })
  }

  /** Brings back a sales channel that was deleted; one that was not stays as it is. @throws {NotFound} */
  async restore(id: string): Promise<SalesChannelView> {
    return this.#db.transaction(async (em) => {
      const gone = { id, deletedAt: { $ne: null } }
      const restored = await em.nativeUpdate(SalesChannel, gone, { deletedAt: null, updatedAt: new Date() })
      if (restored > 0) await this.#events.emit(SalesChannelRestored, { id })
      return this.get(id)
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<SalesChannelView> {
    return this.#query.get(salesChannelResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<SalesChannel> } = {}): Promise<Page<SalesChannelView>> {
    return this.#query.list(salesChannelResource, { ...options, fields: view })
  }

  async #insert(data: z.output<typeof CreateSalesChannels>): Promise<SalesChannelView[]> {
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      const ids = await this.#db.insertRows(SalesChannel, data)
      await this.#events.emitMany(
        SalesChannelCreated,
        ids.map((id) => ({ id })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: MAX_LIMIT, count: false })
      return rows
    })
  }
}
