import { NotFound, type Database } from "@marquetry/kernel"
import { Amount } from "@marquetry/money"
import type { FulfillmentProvider, ProviderData, ProviderService } from "./fulfillment-provider.ts"
import { manualFulfillmentProvider } from "./manual-provider.ts"
import { FulfillmentProviderMissing, PriceNotCalculable } from "./provider.errors.ts"

const ID = /^[a-z0-9]+([_-][a-z0-9]+)*$/

/** A shipping option, as far as providers are concerned. */
export interface ProvidedOption {
  readonly providerId: string
  readonly data: ProviderData | null
}

export interface ShippingPrice {
  /** Major units, an exact decimal. */
  readonly calculatedAmount: string
  readonly isCalculatedPriceTaxInclusive: boolean
}

/** The providers that a process was configured with, by id; `manual_manual` is always among them. */
export class FulfillmentProviders {
  readonly #byId = new Map<string, FulfillmentProvider>()

  /** @throws {TypeError} when an id is not of the form `carrier_name`, or two are the same. */
  constructor(providers: readonly FulfillmentProvider[] = []) {
    for (const provider of [manualFulfillmentProvider, ...providers]) {
      if (!ID.test(provider.id)) {
        throw new TypeError(`The id of a fulfillment provider is lower-case words joined by _ or -: "${provider.id}"`)
      }
      if (this.#byId.has(provider.id)) throw new TypeError(`Two fulfillment providers have the id "${provider.id}"`)
      this.#byId.set(provider.id, provider)
    }
  }

  get ids(): string[] {
    return [...this.#byId.keys()]
  }

  find(id: string): FulfillmentProvider | undefined {
    return this.#byId.get(id)
  }

  /** @throws {FulfillmentProviderMissing} */
  get(id: string): FulfillmentProvider {
    const provider = this.#byId.get(id)
    if (provider === undefined) throw new FulfillmentProviderMissing(id)
    return provider
  }

  /** What shipping options of a provider can be made of. May ask outside. @throws {NotFound} without that provider. */
  async servicesOf(id: string): Promise<readonly ProviderService[]> {
    const provider = this.find(id)
    if (provider === undefined) throw new NotFound("Fulfillment provider", id)
    return provider.services()
  }

  /**
   * Checks what a buyer sends along when choosing an option. May ask outside: hold no transaction.
   *
   * @returns what is to be kept with the shipping method.
   * @throws {FulfillmentProviderMissing} and what the provider throws.
   */
  async validateData(
    { providerId, data: own }: ProvidedOption,
    data: ProviderData,
    context: ProviderData,
  ): Promise<ProviderData> {
    return this.get(providerId).validateData(own, data, context)
  }

  /**
   * What an option costs whose price type is `calculated`. May ask outside: hold no transaction.
   *
   * @throws {PriceNotCalculable} {@link FulfillmentProviderMissing} and what the provider throws.
   */
  async calculatePrice(
    { providerId, data: own }: ProvidedOption,
    data: ProviderData,
    context: ProviderData,
  ): Promise<ShippingPrice> {
    const provider = this.get(providerId)
    if (!(await provider.canCalculate(own))) throw new PriceNotCalculable(providerId)
    const { calculatedAmount, isCalculatedPriceTaxInclusive } = await provider.calculatePrice(own, data, context)
    return { calculatedAmount: Amount.of(calculatedAmount).toString(), isCalculatedPriceTaxInclusive }
  }
}

/** Makes the rows say which providers there are. One that is gone stays, not enabled: options may name it. */
export async function syncProviders(db: Database, ids: readonly string[]): Promise<void> {
  await db.run(
    `insert into "fulfillment"."fulfillment_provider" as provider (id, is_enabled, created_at, updated_at)
     select id, true, now(), now() from unnest($1::text[]) as id order by id
     on conflict (id) do update set is_enabled = true, updated_at = now() where not provider.is_enabled`,
    [ids],
  )
  await db.run(
    `update "fulfillment"."fulfillment_provider" set is_enabled = false, updated_at = now()
     where is_enabled and id <> all($1::text[])`,
    [ids],
  )
}
