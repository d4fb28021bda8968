import {
  newId,
  NotFound,
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
import { isProvinceCode, provinceCodeOf } from "../tax/fields.ts"
import { TaxRate, TaxRateRule, TaxRegion } from "../tax/tax.entity.ts"
import { TaxRegionMisplaced, TaxRegionTaken, UnknownTaxProvider } from "../tax/tax.errors.ts"
import { taxRegionResource } from "../tax/tax.resources.ts"
import { TaxRegionCreated, TaxRegionDeleted, TaxRegionUpdated } from "./tax-region.events.ts"
import { CreateTaxRegion, CreateTaxRegions, UpdateTaxRegion } from "./tax-region.schema.ts"

const view = { "*": true, taxRates: { "*": true } } as const

/** A tax region with its rates. Their rules, and the regions of provinces, are read by the query engine. */
export type TaxRegionView = Selected<TaxRegion, typeof view>

const kind = {
  entity: TaxRegion,
  resource: taxRegionResource,
  fields: view,
  created: TaxRegionCreated,
  updated: TaxRegionUpdated,
  deleted: TaxRegionDeleted,
}

type NewRegion = Omit<z.output<typeof CreateTaxRegion>, "parentId"> & { id: string; parentId: string | null }

/** Countries and provinces whose taxes are charged. */
export class TaxRegionService {
  readonly #db: Database
  readonly #events: Events
  readonly #regions

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#regions = new Records(db, events, query, kind)
  }

  /** @throws {TaxRegionTaken} {@link TaxRegionMisplaced} {@link UnknownTaxProvider} {@link InvalidInput} */
  async create(input: CreateTaxRegion): Promise<TaxRegionView> {
    const [made] = await this.#insert([parse(CreateTaxRegion, input)])
    return made as TaxRegionView
  }

  /**
   * All of them or none, in five statements at most whatever their number; answered in order. A country may come with its
   * provinces, in any order.
   *
   * @throws {TaxRegionTaken} {@link TaxRegionMisplaced} {@link UnknownTaxProvider} {@link InvalidInput}
   */
  async createMany(inputs: CreateTaxRegions): Promise<TaxRegionView[]> {
    return this.#insert(parse(CreateTaxRegions, inputs))
  }

  /** @throws {NotFound} {@link TaxRegionTaken} {@link TaxRegionMisplaced} {@link UnknownTaxProvider} {@link InvalidInput} */
  async update(id: string, input: UpdateTaxRegion): Promise<TaxRegionView> {
    const { provinceCode, providerId, ...data } = parse(UpdateTaxRegion, input)
    return this.#db.transaction(async () => {
      const province =
        provinceCode === undefined ? {} : { provinceCode: provinceCode && (await this.#provinceOf(id, provinceCode)) }
      const provider = providerId === undefined ? {} : { provider: providerId }
      return this.#regions
        .update(id, { ...data, ...province, ...provider })
        .catch(refusals([provinceCode ?? id], [providerId]))
    })
  }

  /** Deletes a region with its rates, and that of a country with those of its provinces. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      const deleted = await this.#db.run(
        `update "tax"."tax_region" set deleted_at = $2::timestamptz, updated_at = $2::timestamptz
         where id = $1 and deleted_at is null`,
        [id, new Date().toISOString()],
      )
      if (deleted === 0) throw new NotFound("Tax region", id)
      const regions = [id, ...(await this.#db.softDeleteRows(TaxRegion, "parent", [id]))]
      const rates = await this.#db.softDeleteRows(TaxRate, "taxRegion", regions)
      await this.#db.softDeleteRows(TaxRateRule, "taxRate", rates)
      await this.#events.emitMany(
        TaxRegionDeleted,
        regions.map((region) => ({ id: region })),
      )
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<TaxRegionView> {
    return this.#regions.get(id)
  }

  async list(options: ListOptions & { filter?: Filter<TaxRegion> } = {}): Promise<Page<TaxRegionView>> {
    return this.#regions.list(options)
  }

  async #insert(data: z.output<typeof CreateTaxRegions>): Promise<TaxRegionView[]> {
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      const regions = await this.#placed(data)
      const rows = regions.map(({ parentId, providerId, id, countryCode, provinceCode, createdBy, metadata }) => {
        return { id, countryCode, provinceCode, createdBy, metadata, parent: parentId, provider: providerId }
      })
      const rates = regions.flatMap(({ id, createdBy, defaultTaxRate }) =>
        defaultTaxRate === undefined ? [] : [{ ...defaultTaxRate, taxRegion: id, isDefault: true, createdBy }],
      )
      const providers = regions.map(({ providerId }) => providerId)
      return this.#regions
        .insertMany(rows, () => this.#db.insertRows(TaxRate, rates))
        .catch(refusals(regions.map(placeOf), providers))
    })
  }

  /** Finds the region of each province's country, among those that are being made and those that there are. */
  async #placed(data: z.output<typeof CreateTaxRegions>): Promise<NewRegion[]> {
    const regions = data.map((region) => ({ ...region, id: newId("txreg") }))
    const countries = new Map<string, string>()
    for (const { countryCode, provinceCode, id } of regions) if (provinceCode === null) countries.set(countryCode, id)
    const wanted = regions.filter(
      ({ countryCode, provinceCode }) => provinceCode !== null && !countries.has(countryCode),
    )
    if (wanted.length > 0) {
      // Held, so that none is deleted before its province is there to be deleted with it.
      const found = await this.#db.sql<{ id: string; country_code: string }>(
        `select id, country_code from "tax"."tax_region"
         where country_code = any($1::text[]) and province_code is null and deleted_at is null order by id for share`,
        [[...new Set(wanted.map(({ countryCode }) => countryCode))]],
      )
      for (const { id, country_code } of found) countries.set(country_code, id)
    }
    return regions.map((region) => {
      const parentId = region.provinceCode === null ? null : countries.get(region.countryCode)
      if (parentId === undefined || (region.parentId !== null && region.parentId !== parentId)) {
        throw new TaxRegionMisplaced(placeOf(region))
      }
      return { ...region, parentId }
    })
  }

  /** The country never changes, so that it need not be locked. */
  async #provinceOf(id: string, province: string): Promise<string> {
    const [region] = await this.#db.sql<{ country_code: string }>(
      `select country_code from "tax"."tax_region" where id = $1 and deleted_at is null`,
      [id],
    )
    if (region === undefined) throw new NotFound("Tax region", id)
    const code = provinceCodeOf(region.country_code, province) as string
    if (!isProvinceCode(code)) throw new TaxRegionMisplaced(code)
    return code
  }
}

const placeOf = ({ countryCode, provinceCode }: Pick<NewRegion, "countryCode" | "provinceCode">) =>
  provinceCode ?? countryCode

/** What the database refuses, in words of the module. */
function refusals(places: readonly string[], providers: readonly (string | null | undefined)[]) {
  const misplaced = () => new TaxRegionMisplaced(places.slice(0, 10).join(", "))
  return rethrowConstraint({
    tax_region_place_unique: () => new TaxRegionTaken([...places]),
    tax_region_parent_check: misplaced,
    tax_region_province_code_check: misplaced,
    tax_region_provider_id_foreign: () =>
      new UnknownTaxProvider([...new Set(providers.filter((provider) => typeof provider === "string"))]),
  })
}
