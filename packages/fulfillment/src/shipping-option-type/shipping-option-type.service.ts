import {
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
import { shippingOptionTypeResource } from "../shipping-option/shipping-option.resources.ts"
import { ShippingOptionType } from "./shipping-option-type.entity.ts"
import { ShippingOptionTypeInUse } from "./shipping-option-type.errors.ts"
import {
  ShippingOptionTypeCreated,
  ShippingOptionTypeDeleted,
  ShippingOptionTypeUpdated,
} from "./shipping-option-type.events.ts"
import {
  CreateShippingOptionType,
  CreateShippingOptionTypes,
  UpdateShippingOptionType,
} from "./shipping-option-type.schema.ts"

const view = { "*": true } as const

/** A shipping option type with all its fields. */
export type ShippingOptionTypeView = Selected<ShippingOptionType, typeof view>

/** What kinds of shipping there are. */
export class ShippingOptionTypeService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {InvalidInput} */
  async create(input: CreateShippingOptionType): Promise<ShippingOptionTypeView> {
    const [made] = await this.#insert([parse(CreateShippingOptionType, input)])
    return made as ShippingOptionTypeView
  }

  /**
   * All of them or none, in three statements whatever their number; answered in order.
   *
   * @throws {InvalidInput}
   */
  async createMany(inputs: CreateShippingOptionTypes): Promise<ShippingOptionTypeView[]> {
    return this.#insert(parse(CreateShippingOptionTypes, inputs))
  }

  /** @throws {NotFound} {@link InvalidInput} */
  async update(id: string, input: UpdateShippingOptionType): Promise<ShippingOptionTypeView> {
    const data = parse(UpdateShippingOptionType, input)
    return this.#db.transaction(async (em) => {
      const changed = await em.nativeUpdate(
        ShippingOptionType,
        { id, deletedAt: null },
        { ...data, updatedAt: new Date() },
      )
      if (changed === 0) throw new NotFound("Shipping option type", id)
      await this.#events.emit(ShippingOptionTypeUpdated, { id })
      return this.get(id)
    })
  }

  /** @throws {NotFound} {@link ShippingOptionTypeInUse} */
  async delete(id: string): Promise<void> {
    const now = new Date()
    await this.#db.transaction(async (em) => {
      // Waits for those who are giving it to an option, who then are seen; none can do so after it.
      const deleted = await em.nativeUpdate(
        ShippingOptionType,
        { id, deletedAt: null },
        { deletedAt: now, updatedAt: now },
      )
      if (deleted === 0) throw new NotFound("Shipping option type", id)
      const [used] = await this.#db.sql(
        `select 1 from "fulfillment"."shipping_option" where shipping_option_type_id = $1 and deleted_at is null limit 1`,
        [id],
      )
      if (used !== undefined) throw new ShippingOptionTypeInUse(id)
      await this.#events.emit(ShippingOptionTypeDeleted, { id })
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<ShippingOptionTypeView> {
    return this.#query.get(shippingOptionTypeResource, id, { fields: view })
  }

  async list(
    options: ListOptions & { filter?: Filter<ShippingOptionType> } = {},
  ): Promise<Page<ShippingOptionTypeView>> {
    return this.#query.list(shippingOptionTypeResource, { ...options, fields: view })
  }

  async #insert(data: z.output<typeof CreateShippingOptionTypes>): Promise<ShippingOptionTypeView[]> {
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      const ids = await this.#db.insertRows(ShippingOptionType, data)
      await this.#events.emitMany(
        ShippingOptionTypeCreated,
        ids.map((id) => ({ id })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }
}
