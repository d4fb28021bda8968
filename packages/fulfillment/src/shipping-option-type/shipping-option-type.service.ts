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

const kind = {
  entity: ShippingOptionType,
  resource: shippingOptionTypeResource,
  fields: view,
  created: ShippingOptionTypeCreated,
  updated: ShippingOptionTypeUpdated,
  deleted: ShippingOptionTypeDeleted,
}

/** What kinds of shipping there are. */
export class ShippingOptionTypeService {
  readonly #db: Database
  readonly #types

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#types = new Records(db, events, query, kind)
  }

  /** @throws {InvalidInput} */
  async create(input: CreateShippingOptionType): Promise<ShippingOptionTypeView> {
    return this.#types.insert(parse(CreateShippingOptionType, input))
  }

  /**
   * All of them or none, in three statements whatever their number; answered in order.
   *
   * @throws {InvalidInput}
   */
  async createMany(inputs: CreateShippingOptionTypes): Promise<ShippingOptionTypeView[]> {
    return this.#types.insertMany(parse(CreateShippingOptionTypes, inputs))
  }

  /** @throws {NotFound} {@link InvalidInput} */
  async update(id: string, input: UpdateShippingOptionType): Promise<ShippingOptionTypeView> {
    return this.#types.update(id, parse(UpdateShippingOptionType, input))
  }

  /** @throws {NotFound} {@link ShippingOptionTypeInUse} */
  async delete(id: string): Promise<void> {
    // Waits for those who are giving it to an option, who then are seen; none can do so after it.
    await this.#types.delete(id, async () => {
      const [used] = await this.#db.sql(
        `select 1 from "fulfillment"."shipping_option" where shipping_option_type_id = $1 and deleted_at is null limit 1`,
        [id],
      )
      if (used !== undefined) throw new ShippingOptionTypeInUse(id)
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<ShippingOptionTypeView> {
    return this.#types.get(id)
  }

  async list(
    options: ListOptions & { filter?: Filter<ShippingOptionType> } = {},
  ): Promise<Page<ShippingOptionTypeView>> {
    return this.#types.list(options)
  }
}
