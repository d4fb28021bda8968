import { QueryInvalid, type Query } from "@marquetry/kernel"
import { regionResource } from "@marquetry/region"
import { storeResource } from "@marquetry/store"

/** What is known of who looks at prices. */
export interface Buyer {
  readonly regionId?: string
  readonly customerGroupIds?: readonly string[]
}

/** The region that decides a buyer's prices, and its currency. */
export interface PriceRegion {
  readonly regionId: string
  readonly currencyCode: string
}

/** Finds the region whose prices a buyer sees. */
export class BuyerRegion {
  readonly #query: Query

  constructor(query: Query) {
    this.#query = query
  }

  /**
   * The buyer's region, else the store's default one; `null` when there is neither.
   *
   * @throws {QueryInvalid} when the buyer names a region that there is not.
   */
  async find(buyer: Buyer): Promise<PriceRegion | null> {
    const id = buyer.regionId ?? (await this.#defaultId())
    if (id === null) return null
    const region = await this.#query.find(regionResource, { fields: { currencyCode: true }, filter: { id } })
    if (region !== null) return { regionId: id, currencyCode: region.currencyCode }
    if (buyer.regionId === undefined) return null
    throw new QueryInvalid(`Region with id: ${id} was not found`, "region_id")
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
