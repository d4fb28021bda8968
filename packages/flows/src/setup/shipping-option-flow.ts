import type { ShippingOptionService, ShippingOptionView } from "@marquetry/fulfillment"
import { parse, type Database, type Links, type Query } from "@marquetry/kernel"
import { stockLocationResource } from "@marquetry/stock-location"
import { locationFulfillmentProvider } from "../links.ts"
import { CreateShippingOptionInput, UpdateShippingOptionInput } from "./shipping-option.schema.ts"
import type { ShippingPrices } from "./shipping-prices.ts"

/** Shipping options with what they cost, and with who sends from where they are offered. */
export class ShippingOptionFlow {
  readonly #db: Database
  readonly #query: Query
  readonly #links: Links
  readonly #options: ShippingOptionService
  readonly #prices: ShippingPrices

  constructor(db: Database, query: Query, links: Links, options: ShippingOptionService, prices: ShippingPrices) {
    this.#db = db
    this.#query = query
    this.#links = links
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
   * Adds an option. Its provider sends from the location of its zone from now on, if it did not yet.
   *
   * @returns its id.
   * @throws {NotFound} without the zone, profile or type. {@link PriceTaken} {@link ReferenceUnknown}
   *   {@link InvalidInput} and what {@link check} throws.
   */
  async create(input: CreateShippingOptionInput): Promise<{ id: string }> {
    const { prices, ...plain } = parse(CreateShippingOptionInput, input)
    return this.#db.transaction(async () => {
      const option = await this.#options.create(plain)
      await this.#prices.set(option.id, prices)
      await this.#send(option)
      return { id: option.id }
    })
  }

  /** @throws {NotFound} {@link PriceTaken} {@link ReferenceUnknown} {@link InvalidInput} and what {@link check} throws. */
  async update(id: string, input: UpdateShippingOptionInput): Promise<void> {
    const { prices, ...plain } = parse(UpdateShippingOptionInput, input)
    await this.#db.transaction(async () => {
      // Holds the option, so that of two lists of prices that come at once one stays, and not a mixture.
      const option = await this.#options.update(id, plain)
      if (prices !== undefined) await this.#prices.set(id, prices)
      if (plain.providerId !== undefined) await this.#send(option)
    })
  }

  /** Deletes an option with what it costs. Carts and orders that name it keep its id. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      await this.#options.delete(id)
      await this.#prices.removeOfDeleted({ id })
    })
  }

  /** Who is given an option to send by sends from there: shoppers would not be offered it otherwise. */
  async #send({ serviceZoneId, providerId }: ShippingOptionView): Promise<void> {
    const filter = { fulfillmentSets: { serviceZones: serviceZoneId } }
    const location = await this.#query.find(stockLocationResource, { fields: { id: true }, filter })
    if (location !== null) await this.#links.add(locationFulfillmentProvider, [[location.id, providerId]])
  }
}
