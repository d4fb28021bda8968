import {
  serviceZoneResource,
  type FulfillmentSetService,
  type ServiceZoneService,
  type UpdateServiceZone,
} from "@marquetry/fulfillment"
import { MAX_LIMIT, NotFound, parse, type Database, type Links, type Query } from "@marquetry/kernel"
import { locationFulfillmentSet } from "../links.ts"
import { CreateFulfillmentSetInput } from "./setup.schema.ts"
import type { ShippingPrices } from "./shipping-prices.ts"

/** What a {@link FulfillmentSetFlow} is made of. */
export interface FulfillmentSetFlowServices {
  readonly db: Database
  readonly query: Query
  readonly links: Links
  readonly sets: FulfillmentSetService
  readonly zones: ServiceZoneService
  readonly prices: ShippingPrices
}

/** Fulfillment sets of locations and their zones, with what shipping options of theirs cost. */
export class FulfillmentSetFlow {
  readonly #services: FulfillmentSetFlowServices

  constructor(services: FulfillmentSetFlowServices) {
    this.#services = services
  }

  /** Adds a set to a location, which the caller holds. @returns its id. @throws {FulfillmentSetNameTaken} {@link InvalidInput} */
  async create(locationId: string, input: CreateFulfillmentSetInput): Promise<{ id: string }> {
    const { db, links, sets } = this.#services
    const set = parse(CreateFulfillmentSetInput, input)
    return db.transaction(async () => {
      const { id } = await sets.create(set)
      await links.add(locationFulfillmentSet, [[locationId, id]])
      return { id }
    })
  }

  /** Deletes a set with its zones, and their shipping options with what they cost. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    const { db, query, links, sets, prices } = this.#services
    await db.transaction(async () => {
      await sets.delete(id)
      const filter = { fulfillmentSetId: id }
      const read = { fields: { id: true }, filter, withDeleted: true, limit: MAX_LIMIT, count: false } as const
      const { rows } = await query.list(serviceZoneResource, read)
      await prices.removeOfDeleted({ serviceZoneId: rows.map((zone) => zone.id) })
      await links.removeAllOfRight(locationFulfillmentSet, [id])
    })
  }

  /** Of `geoZones` those with an id are kept and changed, the others are new. @throws {NotFound} {@link InvalidInput} */
  async updateZone(id: string, zoneId: string, input: UpdateServiceZone): Promise<void> {
    await this.assertZone(id, zoneId)
    await this.#services.zones.update(zoneId, input)
  }

  /** Deletes a zone with its shipping options and what they cost. @throws {NotFound} */
  async deleteZone(id: string, zoneId: string): Promise<void> {
    const { db, zones, prices } = this.#services
    await db.transaction(async () => {
      await this.assertZone(id, zoneId)
      await zones.delete(zoneId)
      await prices.removeOfDeleted({ serviceZoneId: zoneId })
    })
  }

  /** A zone stays with its set for as long as it lives. @throws {NotFound} when it is none of that set. */
  async assertZone(id: string, zoneId: string): Promise<void> {
    const filter = { id: zoneId, fulfillmentSetId: id }
    const zone = await this.#services.query.find(serviceZoneResource, { fields: { id: true }, filter })
    if (zone === null) throw new NotFound("Service zone", zoneId)
  }
}
