import { QueryInvalid, type NamedRead, type Query } from "@marquetry/kernel"
import { regionResource } from "@marquetry/region"
import { storeResource } from "@marquetry/store"
import type { Destination } from "./price-taxes.ts"

/** What is known of who looks at prices. */
export interface Buyer {
  readonly regionId?: string
  /** Where it is known already. */
  readonly region?: PriceRegion
  readonly customerGroupIds?: readonly string[]
  /** Where it is known, prices tell what they are with taxes and without. */
  readonly destination?: Destination
}

/** The region that decides a buyer's prices, and its currency. */
export interface PriceRegion {
  readonly regionId: string
  readonly currencyCode: string
  /** Whether taxes are computed there by themselves. */
  readonly automaticTaxes: boolean
}

const fields = { currencyCode: true, automaticTaxes: true } as const

/** Finds the region whose prices a buyer sees. */
export class BuyerRegion {
  readonly #query: Query

  constructor(query: Query) {
    this.#query = query
  }

  /** Reads a region beside something else: see {@link settle}. */
  read(regionId: string): NamedRead {
    return { resource: "region", read: { fields, filter: { id: regionId }, limit: 1 } }
  }

  /** What {@link read} has found. @throws {QueryInvalid} when there is no such region. */
  settle(regionId: string, rows: readonly Record<string, unknown>[]): PriceRegion {
    const [region] = rows
    if (region === undefined) throw new QueryInvalid(`Region with id: ${regionId} was not found`, "region_id")
    const { currencyCode, automaticTaxes } = region as Omit<PriceRegion, "regionId">
    return { regionId, currencyCode, automaticTaxes }
  }

  /**
   * The buyer's region, else the store's default one; `null` when there is neither.
   *
   * @throws {QueryInvalid} when the buyer names a region that there is not.
   */
  async find(buyer: Buyer): Promise<PriceRegion | null> {
    if (buyer.region !== undefined) return buyer.region
    const id = buyer.regionId ?? (await this.#defaultId())
    if (id === null) return null
    const region = await this.#query.find(regionResource, { fields, filter: { id } })
    if (region === null && buyer.regionId === undefined) return null
    return this.settle(id, region === null ? [] : [region])
  }

  async #defaultId(): Promise<string | null> {
    const { rows } = await this.#query.list(storeResource, {
      fields: { defaultRegionId: true },
      order: { createdAt: "asc" },
      limit: 1,
      count: false,
    })
    return rows[0]?.defaultRegionId ?? null
  }
}
