import { parse, type Database, type Query } from "@marquetry/kernel"
import type { PricePreferenceService } from "@marquetry/pricing"
import type { StoreService } from "@marquetry/store"
import { assertKnown } from "../references.ts"
import { UpdateStoreInput } from "./setup.schema.ts"

/** Which of a store's defaults. */
type Default = "defaultSalesChannelId" | "defaultRegionId" | "defaultLocationId"

/** Stores with what they say of rows of other modules: defaults, and whether prices in a currency contain tax. */
export class StoreFlow {
  readonly #db: Database
  readonly #query: Query
  readonly #stores: StoreService
  readonly #preferences: PricePreferenceService

  constructor(db: Database, query: Query, stores: StoreService, preferences: PricePreferenceService) {
    this.#db = db
    this.#query = query
    this.#stores = stores
    this.#preferences = preferences
  }

  /** @throws {NotFound} {@link ReferenceUnknown} {@link InvalidInput} */
  async update(id: string, input: UpdateStoreInput): Promise<void> {
    const { supportedCurrencies: currencies, ...plain } = parse(UpdateStoreInput, input)
    const { defaultSalesChannelId, defaultRegionId, defaultLocationId } = plain
    await this.#db.transaction(async () => {
      await assertKnown(this.#query, {
        sales_channel: [defaultSalesChannelId],
        region: [defaultRegionId],
        stock_location: [defaultLocationId],
      })
      const supportedCurrencies = currencies?.map(({ currencyCode, isDefault }) => ({ currencyCode, isDefault }))
      await this.#stores.update(id, { ...plain, ...(supportedCurrencies && { supportedCurrencies }) })
      await this.#preferences.setMany(
        (currencies ?? []).flatMap(({ currencyCode: value, isTaxInclusive }) =>
          isTaxInclusive === undefined ? [] : [{ attribute: "currency_code" as const, value, isTaxInclusive }],
        ),
      )
    })
  }

  /** Has no store name as its default what is deleted. */
  async dropDefault(which: Default, id: string): Promise<void> {
    await this.#db.transaction(async () => {
      const { rows } = await this.#stores.list({ filter: { [which]: id }, count: false })
      for (const store of rows) await this.#stores.update(store.id, { [which]: null })
    })
  }
}
