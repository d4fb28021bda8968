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
import { replaceList } from "../owned-rows.ts"
import { deleteZones } from "./delete-zones.ts"
import { insertZones } from "./new-zones.ts"
import { ServiceZone } from "./zone.entity.ts"
import { ServiceZoneCreated, ServiceZoneUpdated } from "./zone.events.ts"
import { serviceZoneResource } from "./zone.resources.ts"
import { CreateServiceZone, CreateServiceZones, UpdateServiceZone } from "./zone.schema.ts"

const view = { "*": true, geoZones: { "*": true } } as const

/** A service zone with its geo zones. */
export type ServiceZoneView = Selected<ServiceZone, typeof view>

/** The parts of the world that fulfillment sets send to. */
export class ServiceZoneService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
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
    return this.#db.transaction(async (em) => {
      // Holds the row until the end, so that changes and the deletion of one zone follow each other.
      const changed = await em.nativeUpdate(ServiceZone, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
      if (changed === 0) throw new NotFound("Service zone", id)
      if (geoZones !== undefined) await replaceList(this.#db, "geoZones", id, geoZones)
      await this.#events.emit(ServiceZoneUpdated, { id })
      return this.get(id)
    })
  }

  /** Deletes a zone with its shipping options. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    const now = new Date()
    await this.#db.transaction(async (em) => {
      const deleted = await em.nativeUpdate(ServiceZone, { id, deletedAt: null }, { deletedAt: now, updatedAt: now })
      if (deleted === 0) throw new NotFound("Service zone", id)
      await deleteZones(this.#db, this.#events, [id], now.toISOString())
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<ServiceZoneView> {
    return this.#query.get(serviceZoneResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<ServiceZone> } = {}): Promise<Page<ServiceZoneView>> {
    return this.#query.list(serviceZoneResource, { ...options, fields: view })
  }

  async #insert(data: z.output<typeof CreateServiceZones>): Promise<ServiceZoneView[]> {
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      await this.#holdSets([...new Set(data.map(({ fulfillmentSetId }) => fulfillmentSetId))])
      const ids = await insertZones(this.#db, data)
      await this.#events.emitMany(
        ServiceZoneCreated,
        ids.map((id) => ({ id })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }

  /** Keeps sets from being deleted until the transaction ends. */
  async #holdSets(ids: readonly string[]): Promise<void> {
    const rows = await this.#db.sql<{ id: string }>(
      `select id from "fulfillment"."fulfillment_set" where id = any($1::text[]) and deleted_at is null
       order by id for share`,
      [ids],
    )
    const found = new Set(rows.map(({ id }) => id))
    const missing = ids.find((id) => !found.has(id))
    if (missing !== undefined) throw new NotFound("Fulfillment set", missing)
  }
}
