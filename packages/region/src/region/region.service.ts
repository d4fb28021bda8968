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
import { CountryTaken, UnknownCountry } from "./region.errors.ts"
import { RegionCreated, RegionDeleted, RegionUpdated } from "./region.events.ts"
import { regionResource } from "./region.resources.ts"
import { CreateRegion, UpdateRegion } from "./region.schema.ts"
import { Region } from "./region.entity.ts"

const view = { "*": true, countries: { iso2: true, iso3: true, numCode: true, name: true, displayName: true } } as const

/** A region with its countries. */
export type RegionView = Selected<Region, typeof view>

/** Regions, and which country is in which. */
export class RegionService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {CountryTaken} {@link UnknownCountry} {@link InvalidInput} */
  async create(input: CreateRegion): Promise<RegionView> {
    const { countries, ...data } = parse(CreateRegion, input)
    return this.#db.transaction(async (em) => {
      const region = em.create(Region, data)
      await em.flush()
      await this.#take(region.id, countries)
      await this.#events.emit(RegionCreated, { id: region.id })
      return this.get(region.id)
    })
  }

  /** @throws {NotFound} {@link CountryTaken} {@link UnknownCountry} {@link InvalidInput} */
  async update(id: string, input: UpdateRegion): Promise<RegionView> {
    const { countries, ...data } = parse(UpdateRegion, input)
    return this.#db.transaction(async (em) => {
      // Holds the row until the end, so that changes and the deletion of one region follow each other.
      const changed = await em.nativeUpdate(Region, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
      if (changed === 0) throw new NotFound("Region", id)
      if (countries !== undefined) {
        await this.#release(id, countries)
        await this.#take(id, countries)
      }
      await this.#events.emit(RegionUpdated, { id })
      return this.get(id)
    })
  }

  /** Deletes a region and frees its countries. Carts and orders that name it keep its id. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    const now = new Date()
    await this.#db.transaction(async (em) => {
      const deleted = await em.nativeUpdate(Region, { id, deletedAt: null }, { deletedAt: now, updatedAt: now })
      if (deleted === 0) throw new NotFound("Region", id)
      await this.#release(id, [])
      await this.#events.emit(RegionDeleted, { id })
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<RegionView> {
    return this.#query.get(regionResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<Region> } = {}): Promise<Page<RegionView>> {
    return this.#query.list(regionResource, { ...options, fields: view })
  }

  /** The region that sells to a country, if there is one. */
  async findByCountry(countryCode: string): Promise<RegionView | null> {
    return this.#query.find(regionResource, {
      fields: view,
      filter: { countries: { iso2: countryCode.toLowerCase() } },
    })
  }

  /** The update decides, row by row, not a query before it: two callers may race for a country. */
  async #take(regionId: string, countries: readonly string[]): Promise<void> {
    const wanted = [...new Set(countries)].sort()
    if (wanted.length === 0) return
    const taken = await this.#db.sql<{ iso_2: string }>(
      `with free as (
         select iso_2 from "region"."country" where iso_2 = any($2::text[]) and (region_id is null or region_id = $1)
         order by iso_2 for update
       )
       update "region"."country" c set region_id = $1 from free where c.iso_2 = free.iso_2 returning c.iso_2`,
      [regionId, wanted],
    )
    if (taken.length === wanted.length) return
    const got = new Set(taken.map(({ iso_2 }) => iso_2))
    const refused = wanted.filter((code) => !got.has(code))
    const known = await this.#db.sql<{ iso_2: string }>(
      `select iso_2 from "region"."country" where iso_2 = any($1::text[]) order by 1`,
      [refused],
    )
    if (known.length > 0) throw new CountryTaken(known.map(({ iso_2 }) => iso_2))
    throw new UnknownCountry(refused)
  }

  async #release(regionId: string, keep: readonly string[]): Promise<void> {
    await this.#db.run(
      `update "region"."country" set region_id = null where region_id = $1 and iso_2 <> all($2::text[])`,
      [regionId, [...keep]],
    )
  }
}
