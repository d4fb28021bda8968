import type { ShippingOptionService } from "@marquetry/fulfillment"
import { parse, type Database } from "@marquetry/kernel"
import { CreateShippingOptionInput, UpdateShippingOptionInput } from "./shipping-option.schema.ts"
import type { ShippingPrices } from "./shipping-prices.ts"

/** Shipping options with what they cost. */
export class ShippingOptionFlow {
  readonly #db: Database
  readonly #options: ShippingOptionService
  readonly #prices: ShippingPrices

  constructor(db: Database, options: ShippingOptionService, prices: ShippingPrices) {
    this.#db = db
    this.#options = options
    this.#prices = prices
  }

  /**
   * Asks the provider whether it takes such an option. Call it before a transaction begins in which the option is made.
   *
   * @throws {UnknownFulfillmentProvider} {@link OptionDataRefused} {@link PriceNotCalculable} and what providers throw.
   */
  async check(input: CreateShippingOptionInput): Promise<void> {
    const { providerId, data, priceType } = parse(CreateShippingOptionInput, input)
    await this.#options.check([{ providerId, data, priceType }])
  }

  /** Like {@link check}, of an option as an update would have it. @throws {NotFound} */
  async checkUpdate(id: string, input: UpdateShippingOptionInput): Promise<void> {
    const { prices: _, ...plain } = parse(UpdateShippingOptionInput, input)
    await this.#options.checkUpdate(id, plain)
  }

  /**
   * @returns its id.
   * @throws {NotFound} without the zone, profile or type. {@link PriceTaken} {@link ReferenceUnknown}
   *   {@link InvalidInput} and what {@link check} throws.
   */
  async create(input: CreateShippingOptionInput): Promise<{ id: string }> {
    const { prices, ...plain } = parse(CreateShippingOptionInput, input)
    return this.#db.transaction(async () => {
      const { id } = await this.#options.create(plain)
      await this.#prices.set(id, prices)
      return { id }
    })
  }

  /** @throws {NotFound} {@link PriceTaken} {@link ReferenceUnknown} {@link InvalidInput} and what {@link check} throws. */
  async update(id: string, input: UpdateShippingOptionInput): Promise<void> {
    const { prices, ...plain } = parse(UpdateShippingOptionInput, input)
    await this.#db.transaction(async () => {
      // Holds the option, so that of two lists of prices that come at once one stays, and not a mixture.
      await this.#options.update(id, plain)
      if (prices !== undefined) await this.#prices.set(id, prices)
    })
  }

  /** Deletes an option with what it costs. Carts and orders that name it keep its id. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      await this.#options.delete(id)
      await this.#prices.removeOfDeleted({ id })
    })
  }
}
