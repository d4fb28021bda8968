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
import type { z } from "zod"
import { replaceList } from "../owned-rows.ts"
import { deleteInZones } from "./delete-zones.ts"
import { rowsOfZones } from "./new-zones.ts"
import { GeoZone, ServiceZone } from "./zone.entity.ts"
import { ServiceZoneCreated, ServiceZoneDeleted, ServiceZoneUpdated } from "./zone.events.ts"
import { fulfillmentSetResource, serviceZoneResource } from "./zone.resources.ts"
import { CreateServiceZone, CreateServiceZones, UpdateServiceZone } from "./zone.schema.ts"

const view = { "*": true, geoZones: { "*": true } } as const

/** A service zone with its geo zones. */
export type ServiceZoneView = Selected<ServiceZone, typeof view>

const kind = {
  entity: ServiceZone,
  resource: serviceZoneResource,
  fields: view,
  created: ServiceZoneCreated,
  updated: ServiceZoneUpdated,
  deleted: ServiceZoneDeleted,
}

/** The parts of the world that fulfillment sets send to. */
export class ServiceZoneService {
  readonly #db: Database
  readonly #events: Events
  readonly #zones

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#zones = new Records(db, events, query, kind)
  }

  /** @throws {NotFound} without that set. {@link InvalidInput} */
  async create(input: CreateServiceZone): Promise<ServiceZoneView> {
    const [made] = await this.#insert([parse(CreateServiceZone, input)])
    return made as ServiceZoneView
  }

  /**
   * All of them or none, with geo zones, in five statements whatever their number; answered in order.
   *
   * @throws {NotFound} without one of the sets. {@link InvalidInput}
   */
  async createMany(inputs: CreateServiceZones): Promise<ServiceZoneView[]> {
    return this.#insert(parse(CreateServiceZones, inputs))
  }

  /** Of `geoZones` those with an id are kept and changed, the others are new. @throws {NotFound} {@link InvalidInput} */
  async update(id: string, input: UpdateServiceZone): Promise<ServiceZoneView> {
    const { geoZones, ...data } = parse(UpdateServiceZone, input)
    return this.#zones.update(id, data, async () => {
      if (geoZones !== undefined) await replaceList(this.#db, "geoZones", id, geoZones)
    })
  }

  /** Deletes a zone with its shipping options. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      await this.#zones.delete(id)
      await deleteInZones(this.#db, this.#events, [id])
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<ServiceZoneView> {
    return this.#zones.get(id)
  }

  async list(options: ListOptions & { filter?: Filter<ServiceZone> } = {}): Promise<Page<ServiceZoneView>> {
    return this.#zones.list(options)
  }

  async #insert(data: z.output<typeof CreateServiceZones>): Promise<ServiceZoneView[]> {
    if (data.length === 0) return []
    const { zones, geoZones } = rowsOfZones(data)
    return this.#db.transaction(async () => {
      // None is deleted before its zones are there to be deleted with it.
      const sets = data.map(({ fulfillmentSetId }) => fulfillmentSetId)
      await hold(this.#db, fulfillmentSetResource, sets, "share")
      return this.#zones.insertMany(zones, () => this.#db.insertRows(GeoZone, geoZones))
    })
  }
}
