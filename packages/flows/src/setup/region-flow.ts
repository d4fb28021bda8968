import { parse, type Database, type Links, type Query } from "@marquetry/kernel"
import type { PricePreferenceService } from "@marquetry/pricing"
import type { RegionService } from "@marquetry/region"
import { regionPaymentProvider } from "../links.ts"
import { assertKnown } from "../references.ts"
import { CreateRegionInput, UpdateRegionInput } from "./setup.schema.ts"
import type { StoreFlow } from "./store-flow.ts"

/** What a {@link RegionFlow} is made of. */
export interface RegionFlowServices {
  readonly db: Database
  readonly query: Query
  readonly links: Links
  readonly regions: RegionService
  readonly preferences: PricePreferenceService
  readonly stores: StoreFlow
}

/** Regions with what belongs to them in other modules: who takes payments, and whether prices contain tax. */
export class RegionFlow {
  readonly #services: RegionFlowServices

  constructor(services: RegionFlowServices) {
    this.#services = services
  }

  /** @returns its id. @throws {CountryTaken} {@link UnknownCountry} {@link ReferenceUnknown} {@link InvalidInput} */
  async create(input: CreateRegionInput): Promise<{ id: string }> {
    const { db, regions } = this.#services
    const { isTaxInclusive, paymentProviders, ...plain } = parse(CreateRegionInput, input)
    return db.transaction(async () => {
      const { id } = await regions.create(plain)
      await this.#setParts(id, { isTaxInclusive, paymentProviders })
      return { id }
    })
  }

  /** @throws {NotFound} {@link CountryTaken} {@link UnknownCountry} {@link ReferenceUnknown} {@link InvalidInput} */
  async update(id: string, input: UpdateRegionInput): Promise<void> {
    const { db, regions } = this.#services
    const { isTaxInclusive, paymentProviders, ...plain } = parse(UpdateRegionInput, input)
    await db.transaction(async () => {
      // Holds the region, so that of two lists of providers that come at once one stays, and not a mixture.
      await regions.update(id, plain)
      await this.#setParts(id, { isTaxInclusive, paymentProviders })
    })
  }

  /** Deletes a region, frees its countries, and takes it from stores whose default it is. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    const { db, links, regions, preferences, stores } = this.#services
    await db.transaction(async () => {
      await regions.delete(id)
      await links.removeAllOf(regionPaymentProvider, [id])
      await preferences.forget({ attribute: "region_id", value: id })
      await stores.dropDefault("defaultRegionId", id)
    })
  }

  async #setParts(id: string, { isTaxInclusive, paymentProviders }: Parts): Promise<void> {
    const { query, links, preferences } = this.#services
    if (paymentProviders !== undefined) {
      await assertKnown(query, { payment_provider: paymentProviders })
      await links.removeAllOf(regionPaymentProvider, [id])
      await links.add(
        regionPaymentProvider,
        [...new Set(paymentProviders)].map((provider) => [id, provider] as const),
      )
    }
    if (isTaxInclusive !== undefined) await preferences.set({ attribute: "region_id", value: id, isTaxInclusive })
  }
}

interface Parts {
  readonly isTaxInclusive: boolean | undefined
  readonly paymentProviders: readonly string[] | undefined
}
