import type { InventoryLevelService } from "@marquetry/inventory"
import { parse, type Database, type Links, type Query } from "@marquetry/kernel"
import type { StockLocationService } from "@marquetry/stock-location"
import { locationFulfillmentProvider, locationFulfillmentSet, salesChannelStockLocation } from "../links.ts"
import type { FulfillmentSetFlow } from "./fulfillment-set-flow.ts"
import { assertKnown, ReferenceUnknown } from "../references.ts"
import { CreateStockLocationInput, UpdateStockLocationInput } from "./setup.schema.ts"
import type { StoreFlow } from "./store-flow.ts"

/** What a {@link StockLocationFlow} is made of. */
export interface StockLocationFlowServices {
  readonly db: Database
  readonly query: Query
  readonly links: Links
  readonly locations: StockLocationService
  readonly levels: InventoryLevelService
  readonly sets: FulfillmentSetFlow
  readonly stores: StoreFlow
}

/** Ids of fulfillment providers. */
export interface ProviderChanges {
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/** Levels that are deleted at once. */
const PAGE = 1_000

/** Stock locations with what hangs on them in other modules: what is kept there, and how it is sent. */
export class StockLocationFlow {
  readonly #services: StockLocationFlowServices

  constructor(services: StockLocationFlowServices) {
    this.#services = services
  }

  /** @returns its id. @throws {InvalidInput} */
  async create(input: CreateStockLocationInput): Promise<{ id: string }> {
    const { addressId: _, ...plain } = parse(CreateStockLocationInput, input)
    return this.#services.locations.create(plain)
  }

  /** @throws {NotFound} {@link ReferenceUnknown} when the address named is not its own. {@link InvalidInput} */
  async update(id: string, input: UpdateStockLocationInput): Promise<void> {
    const { db, locations } = this.#services
    const { addressId, ...plain } = parse(UpdateStockLocationInput, input)
    await db.transaction(async () => {
      const location = await locations.update(id, addressId === null ? { address: null, ...plain } : plain)
      if (typeof addressId === "string" && addressId !== location.addressId)
        throw new ReferenceUnknown("stock_location_address", [addressId])
    })
  }

  /**
   * Says who sends from a location, which the caller holds, and who does not any more: what is offered of them is offered no
   * longer.
   *
   * @throws {ReferenceUnknown} when one that is to send is none, or not in use.
   */
  async changeProviders(id: string, { add, remove }: ProviderChanges): Promise<void> {
    const { db, query, links } = this.#services
    const pairs = (providers: readonly string[]) => providers.map((provider) => [id, provider] as const)
    await db.transaction(async () => {
      await assertKnown(query, { fulfillment_provider: add })
      await links.remove(locationFulfillmentProvider, pairs(remove))
      await links.add(locationFulfillmentProvider, pairs(add))
    })
  }

  /**
   * Deletes a location where nothing is kept, with its fulfillment sets and their shipping options, and takes it from
   * channels and from stores whose default it is. Whoever says that something is kept there holds its row, `for share`: what
   * they make is seen, and goes too, or keeps the location.
   *
   * @throws {NotFound}
   * @throws {LevelInUse} as long as anything is stocked, reserved or incoming there.
   */
  async delete(id: string): Promise<void> {
    const { db, links, locations, sets, stores } = this.#services
    await db.transaction(async () => {
      await locations.delete(id)
      await this.#clear(id)
      for (const [, set] of await links.of(locationFulfillmentSet, [id])) await sets.delete(set)
      await links.removeAllOf(locationFulfillmentProvider, [id])
      await links.removeAllOfRight(salesChannelStockLocation, [id])
      await stores.dropDefault("defaultLocationId", id)
    })
  }

  async #clear(locationId: string): Promise<void> {
    const { levels } = this.#services
    let ids: string[]
    do {
      const { rows } = await levels.list({ filter: { locationId }, limit: PAGE, count: false })
      ids = rows.map(({ id }) => id)
      await levels.deleteEmpty(ids)
    } while (ids.length === PAGE)
  }
}
