import {
  NotFound,
  parse,
  rethrowConstraint,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import type { z } from "zod"
import { shippingProfileResource } from "../shipping-option/shipping-option.resources.ts"
import { ShippingProfile } from "./shipping-profile.entity.ts"
import { ShippingProfileInUse, ShippingProfileNameTaken } from "./shipping-profile.errors.ts"
import { ShippingProfileCreated, ShippingProfileDeleted, ShippingProfileUpdated } from "./shipping-profile.events.ts"
import { CreateShippingProfile, CreateShippingProfiles, UpdateShippingProfile } from "./shipping-profile.schema.ts"

const view = { "*": true } as const

/** A shipping profile with all its fields. */
export type ShippingProfileView = Selected<ShippingProfile, typeof view>

/** Kinds of goods, by how they are sent. */
export class ShippingProfileService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {ShippingProfileNameTaken} {@link InvalidInput} */
  async create(input: CreateShippingProfile): Promise<ShippingProfileView> {
    const [made] = await this.#insert([parse(CreateShippingProfile, input)])
    return made as ShippingProfileView
  }

  /**
   * All of them or none, in three statements whatever their number; answered in order.
   *
   * @throws {ShippingProfileNameTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateShippingProfiles): Promise<ShippingProfileView[]> {
    return this.#insert(parse(CreateShippingProfiles, inputs))
  }

  /** @throws {NotFound} {@link ShippingProfileNameTaken} {@link InvalidInput} */
  async update(id: string, input: UpdateShippingProfile): Promise<ShippingProfileView> {
    const data = parse(UpdateShippingProfile, input)
    return this.#db.transaction(async (em) => {
      const changed = await em
        .nativeUpdate(ShippingProfile, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
        .catch(taken(data.name === undefined ? [] : [data.name]))
      if (changed === 0) throw new NotFound("Shipping profile", id)
      await this.#events.emit(ShippingProfileUpdated, { id })
      return this.get(id)
    })
  }

  /** Products that name it keep its id. @throws {NotFound} {@link ShippingProfileInUse} */
  async delete(id: string): Promise<void> {
    const now = new Date()
    await this.#db.transaction(async (em) => {
      // Waits for those who are giving it to an option, who then are seen; none can do so after it.
      const deleted = await em.nativeUpdate(
        ShippingProfile,
        { id, deletedAt: null },
        { deletedAt: now, updatedAt: now },
      )
      if (deleted === 0) throw new NotFound("Shipping profile", id)
      const [used] = await this.#db.sql(
        `select 1 from "fulfillment"."shipping_option" where shipping_profile_id = $1 and deleted_at is null limit 1`,
        [id],
      )
      if (used !== undefined) throw new ShippingProfileInUse(id)
      await this.#events.emit(ShippingProfileDeleted, { id })
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<ShippingProfileView> {
    return this.#query.get(shippingProfileResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<ShippingProfile> } = {}): Promise<Page<ShippingProfileView>> {
    return this.#query.list(shippingProfileResource, { ...options, fields: view })
  }

  async #insert(data: z.output<typeof CreateShippingProfiles>): Promise<ShippingProfileView[]> {
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      // The unique index decides, not a query before the insert: two callers may race.
      const ids = await this.#db.insertRows(ShippingProfile, data).catch(taken(data.map(({ name }) => name)))
      await this.#events.emitMany(
        ShippingProfileCreated,
        ids.map((id) => ({ id })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }
}

const taken = (names: string[]) =>
  rethrowConstraint({ shipping_profile_name_unique: () => new ShippingProfileNameTaken(names) })
