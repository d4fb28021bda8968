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

const kind = {
  entity: SalesChannel,
  resource: salesChannelResource,
  fields: view,
  created: SalesChannelCreated,
  updated: SalesChannelUpdated,
  deleted: SalesChannelDeleted,
}

/** The ways to the shopper. Which products, stock and keys belong to one is a matter of links. */
export class SalesChannelService {
  readonly #db: Database
  readonly #events: Events
  readonly #channels

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#channels = new Records(db, events, query, kind)
  }

  /** @throws {InvalidInput} */
  async create(input: CreateSalesChannel): Promise<SalesChannelView> {
    return this.#channels.insert(parse(CreateSalesChannel, input))
  }

  /** All of them or none, in three statements whatever their number; answered in order. @throws {InvalidInput} */
  async createMany(inputs: CreateSalesChannels): Promise<SalesChannelView[]> {
    return this.#channels.insertMany(parse(CreateSalesChannels, inputs))
  }

  /** @throws {NotFound} {@link InvalidInput} */
  async update(id: string, input: UpdateSalesChannel): Promise<SalesChannelView> {
    return this.#channels.update(id, parse(UpdateSalesChannel, input))
  }

  /** Deletes a sales channel. Carts and orders that name it keep its id. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#channels.delete(id)
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
    return this.#channels.get(id)
  }

  async list(options: ListOptions & { filter?: Filter<SalesChannel> } = {}): Promise<Page<SalesChannelView>> {
    return this.#channels.list(options)
  }
}
