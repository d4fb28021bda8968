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
import { softDeleteOf } from "../owned-rows.ts"
import { deleteZones } from "./delete-zones.ts"
import { insertZones } from "./new-zones.ts"
import { FulfillmentSet } from "./zone.entity.ts"
import { FulfillmentSetNameTaken } from "./zone.errors.ts"
import { FulfillmentSetCreated, FulfillmentSetDeleted, FulfillmentSetUpdated } from "./zone.events.ts"
import { fulfillmentSetResource } from "./zone.resources.ts"
import { CreateFulfillmentSet, CreateFulfillmentSets, UpdateFulfillmentSet } from "./zone.schema.ts"

const view = { "*": true, serviceZones: { "*": true, geoZones: { "*": true } } } as const

/** A fulfillment set with its zones and their geo zones. */
export type FulfillmentSetView = Selected<FulfillmentSet, typeof view>

/** The ways in which a place sends goods out. Which set is of which place is a matter of links. */
export class FulfillmentSetService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
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
    const data = parse(UpdateFulfillmentSet, input)
    return this.#db.transaction(async (em) => {
      const changed = await em
        .nativeUpdate(FulfillmentSet, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
        .catch(taken(data.name === undefined ? [] : [data.name]))
      if (changed === 0) throw new NotFound("Fulfillment set", id)
      await this.#events.emit(FulfillmentSetUpdated, { id })
      return this.get(id)
    })
  }

  /** Deletes a set with its zones and their shipping options. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    const now = new Date()
    await this.#db.transaction(async (em) => {
      const deleted = await em.nativeUpdate(FulfillmentSet, { id, deletedAt: null }, { deletedAt: now, updatedAt: now })
      if (deleted === 0) throw new NotFound("Fulfillment set", id)
      const zones = await softDeleteOf(this.#db, ["service_zone", "fulfillment_set_id"], [id], now.toISOString())
      await this.#events.emit(FulfillmentSetDeleted, { id })
      await deleteZones(this.#db, this.#events, zones, now.toISOString())
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<FulfillmentSetView> {
    return this.#query.get(fulfillmentSetResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<FulfillmentSet> } = {}): Promise<Page<FulfillmentSetView>> {
    return this.#query.list(fulfillmentSetResource, { ...options, fields: view })
  }

  async #insert(data: z.output<typeof CreateFulfillmentSets>): Promise<FulfillmentSetView[]> {
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      // The unique index decides, not a query before the insert: two callers may race.
      const ids = await this.#db
        .insertRows(
          FulfillmentSet,
          data.map(({ name, type, metadata }) => ({ name, type, metadata })),
        )
        .catch(taken(data.map(({ name }) => name)))
      const zones = data.flatMap(({ serviceZones }, index) =>
        serviceZones.map((zone) => ({ ...zone, fulfillmentSetId: ids[index] as string })),
      )
      await insertZones(this.#db, zones)
      await this.#events.emitMany(
        FulfillmentSetCreated,
        ids.map((id) => ({ id })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }
}

const taken = (names: string[]) =>
  rethrowConstraint({ fulfillment_set_name_unique: () => new FulfillmentSetNameTaken(names) })
