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
import { CountryTaken, UnknownCountry } from "./region.errors.ts"
import { RegionCreated, RegionDeleted, RegionUpdated } from "./region.events.ts"
import { regionResource } from "./region.resources.ts"
import { CreateRegion, UpdateRegion } from "./region.schema.ts"
import { Region } from "./region.entity.ts"

const view = { "*": true, countries: { iso2: true, iso3: true, numCode: true, name: true, displayName: true } } as const

/** A region with its countries. */
export type RegionView = Selected<Region, typeof view>

const kind = {
  entity: Region,
  resource: regionResource,
  fields: view,
  created: RegionCreated,
  updated: RegionUpdated,
  deleted: RegionDeleted,
}

/** Regions, and which country is in which. */
export class RegionService {
  readonly #db: Database
  readonly #regions

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#regions = new Records(db, events, query, kind)
  }

  /** @throws {CountryTaken} {@link UnknownCountry} {@link InvalidInput} */
  async create(input: CreateRegion): Promise<RegionView> {
    const { countries, ...data } = parse(CreateRegion, input)
    return this.#regions.insert(data, (id) => this.#take(id, countries))
  }

  /** @throws {NotFound} {@link CountryTaken} {@link UnknownCountry} {@link InvalidInput} */
  async update(id: string, input: UpdateRegion): Promise<RegionView> {
    const { countries, ...data } = parse(UpdateRegion, input)
    return this.#regions.update(id, data, async () => {
      if (countries === undefined) return
      await this.#release(id, countries)
      await this.#take(id, countries)
    })
  }

  /** Deletes a region and frees its countries. Carts and orders that name it keep its id. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#regions.delete(id, () => this.#release(id, []))
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<RegionView> {
    return this.#regions.get(id)
  }

  async list(options: ListOptions & { filter?: Filter<Region> } = {}): Promise<Page<RegionView>> {
    return this.#regions.list(options)
  }

  /** The region that sells to a country, if there is one. */
  async findByCountry(countryCode: string): Promise<RegionView | null> {
    return this.#regions.find({ countries: { iso2: countryCode.toLowerCase() } })
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
