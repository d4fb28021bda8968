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
import type { z } from "zod"
import { deleteInZones } from "./delete-zones.ts"
import { rowsOfZones } from "./new-zones.ts"
import { FulfillmentSet, GeoZone, ServiceZone } from "./zone.entity.ts"
import { FulfillmentSetNameTaken } from "./zone.errors.ts"
import {
  FulfillmentSetCreated,
  FulfillmentSetDeleted,
  FulfillmentSetUpdated,
  ServiceZoneDeleted,
} from "./zone.events.ts"
import { fulfillmentSetResource } from "./zone.resources.ts"
import { CreateFulfillmentSet, CreateFulfillmentSets, UpdateFulfillmentSet } from "./zone.schema.ts"

const view = { "*": true, serviceZones: { "*": true, geoZones: { "*": true } } } as const

/** A fulfillment set with its zones and their geo zones. */
export type FulfillmentSetView = Selected<FulfillmentSet, typeof view>

const kind = {
  entity: FulfillmentSet,
  resource: fulfillmentSetResource,
  fields: view,
  created: FulfillmentSetCreated,
  updated: FulfillmentSetUpdated,
  deleted: FulfillmentSetDeleted,
  refuse: (sets: readonly { name?: string }[]) =>
    rethrowConstraint({
      fulfillment_set_name_unique: () => new FulfillmentSetNameTaken(sets.flatMap(({ name }) => name ?? [])),
    }),
}

/** The ways in which a place sends goods out. Which set is of which place is a matter of links. */
export class FulfillmentSetService {
  readonly #db: Database
  readonly #events: Events
  readonly #sets

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#sets = new Records(db, events, query, kind)
  }

  /** @throws {FulfillmentSetNameTaken} {@link InvalidInput} */
  async create(input: CreateFulfillmentSet): Promise<FulfillmentSetView> {
    const [made] = await this.#insert([parse(CreateFulfillmentSet, input)])
    return made as FulfillmentSetView
  }

  /**
   * All of them or none, with zones and geo zones, in five statements whatever their number; answered in order.
   *
   * @throws {FulfillmentSetNameTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateFulfillmentSets): Promise<FulfillmentSetView[]> {
    return this.#insert(parse(CreateFulfillmentSets, inputs))
  }

  /** @throws {NotFound} {@link FulfillmentSetNameTaken} {@link InvalidInput} */
  async update(id: string, input: UpdateFulfillmentSet): Promise<FulfillmentSetView> {
    return this.#sets.update(id, parse(UpdateFulfillmentSet, input))
  }

  /** Deletes a set with its zones and their shipping options. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      await this.#sets.delete(id)
      const zones = await this.#db.softDeleteRows(ServiceZone, "fulfillmentSet", [id])
      await this.#events.emitMany(
        ServiceZoneDeleted,
        zones.map((zone) => ({ id: zone })),
      )
      await deleteInZones(this.#db, this.#events, zones)
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<FulfillmentSetView> {
    return this.#sets.get(id)
  }

  async list(options: ListOptions & { filter?: Filter<FulfillmentSet> } = {}): Promise<Page<FulfillmentSetView>> {
    return this.#sets.list(options)
  }

  async #insert(sets: z.output<typeof CreateFulfillmentSets>): Promise<FulfillmentSetView[]> {
    const rows = sets.map(({ name, type, metadata }) => ({ name, type, metadata }))
    return this.#sets.insertMany(rows, async (ids) => {
      const { zones, geoZones } = rowsOfZones(
        sets.flatMap(({ serviceZones }, index) =>
          serviceZones.map((zone) => ({ ...zone, fulfillmentSetId: ids[index] as string })),
        ),
      )
      await this.#db.insertRows(ServiceZone, zones)
      await this.#db.insertRows(GeoZone, geoZones)
    })
  }
}
