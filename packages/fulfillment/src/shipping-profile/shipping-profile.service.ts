import {
  parse,
  Records,
  rethrowConstraint,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { shippingProfileResource } from "../shipping-option/shipping-option.resources.ts"
import { ShippingProfile } from "./shipping-profile.entity.ts"
import { ShippingProfileInUse, ShippingProfileNameTaken } from "./shipping-profile.errors.ts"
import { ShippingProfileCreated, ShippingProfileDeleted, ShippingProfileUpdated } from "./shipping-profile.events.ts"
import { CreateShippingProfile, CreateShippingProfiles, UpdateShippingProfile } from "./shipping-profile.schema.ts"

const view = { "*": true } as const

/** A shipping profile with all its fields. */
export type ShippingProfileView = Selected<ShippingProfile, typeof view>

const kind = {
  entity: ShippingProfile,
  resource: shippingProfileResource,
  fields: view,
  created: ShippingProfileCreated,
  updated: ShippingProfileUpdated,
  deleted: ShippingProfileDeleted,
  refuse: (profiles: readonly { name?: string }[]) =>
    rethrowConstraint({
      shipping_profile_name_unique: () => new ShippingProfileNameTaken(profiles.flatMap(({ name }) => name ?? [])),
    }),
}

/** Kinds of goods, by how they are sent. */
export class ShippingProfileService {
  readonly #db: Database
  readonly #profiles

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#profiles = new Records(db, events, query, kind)
  }

  /** @throws {ShippingProfileNameTaken} {@link InvalidInput} */
  async create(input: CreateShippingProfile): Promise<ShippingProfileView> {
    return this.#profiles.insert(parse(CreateShippingProfile, input))
  }

  /**
   * All of them or none, in three statements whatever their number; answered in order.
   *
   * @throws {ShippingProfileNameTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateShippingProfiles): Promise<ShippingProfileView[]> {
    return this.#profiles.insertMany(parse(CreateShippingProfiles, inputs))
  }

  /** @throws {NotFound} {@link ShippingProfileNameTaken} {@link InvalidInput} */
  async update(id: string, input: UpdateShippingProfile): Promise<ShippingProfileView> {
    return this.#profiles.update(id, parse(UpdateShippingProfile, input))
  }

  /** Products that name it keep its id. @throws {NotFound} {@link ShippingProfileInUse} */
  async delete(id: string): Promise<void> {
    // Waits for those who are giving it to an option, who then are seen; none can do so after it.
    await this.#profiles.delete(id, async () => {
      const [used] = await this.#db.sql(
        `select 1 from "fulfillment"."shipping_option" where shipping_profile_id = $1 and deleted_at is null limit 1`,
        [id],
      )
      if (used !== undefined) throw new ShippingProfileInUse(id)
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<ShippingProfileView> {
    return this.#profiles.get(id)
  }

  async list(options: ListOptions & { filter?: Filter<ShippingProfile> } = {}): Promise<Page<ShippingProfileView>> {
    return this.#profiles.list(options)
  }
}
