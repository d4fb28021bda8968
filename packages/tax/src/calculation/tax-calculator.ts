import { parse, type Database } from "@marquetry/kernel"
import { Amount } from "@marquetry/money"
import type { ProvidedTaxLine, TaxableSale, TaxProvider } from "../provider/tax-provider.ts"
import type { TaxProviders } from "../provider/tax-providers.ts"
import { provinceCodeOf } from "../tax/fields.ts"
import { chooseRates } from "./choose-rates.ts"
import { readRates, type RegionRates } from "./read-rates.ts"
import { TaxRequest, type TaxRequestInput } from "./tax-request.ts"

/** A tax on an item or a shipping method. */
export interface TaxLine {
  /** Per cent of the amount without tax, an exact decimal. */
  readonly rate: string
  readonly code: string | null
  /** What the buyer reads; `description` on the wire. */
  readonly name: string
  /** The name of the provider: `system` for `tp_system`. */
  readonly providerId: string
  readonly taxRateId: string | null
}

/** The taxes of a sale. Every item and every shipping method that was asked for is there, with no lines if not taxed. */
export interface TaxLines {
  readonly items: Map<string, TaxLine[]>
  readonly shippingMethods: Map<string, TaxLine[]>
}

/** All that lines are made from: what is sold, and the rates that apply to each of it. */
export interface TaxBasis {
  readonly sale: TaxableSale
  /** Who makes the lines; `null` where no region is, so that nothing is taxed. */
  readonly providerId: string | null
}

/** Computes tax lines. Rounds and adds up nothing: that is the business of totals. */
export class TaxCalculator {
  readonly #db: Database
  readonly #providers: TaxProviders

  constructor(db: Database, providers: TaxProviders) {
    this.#db = db
    this.#providers = providers
  }

  /**
   * The tax lines of a sale: {@link rates}, then {@link lines}. Inside a transaction take these two steps yourself where
   * regions may have providers that ask outside.
   *
   * @throws {InvalidInput} {@link TaxProviderMissing}
   */
  async taxLines(request: TaxRequestInput): Promise<TaxLines> {
    return this.lines(await this.rates(request))
  }

  /** Finds the rates that apply, in one statement, in the transaction under way if there is one. @throws {InvalidInput} */
  async rates(request: TaxRequestInput): Promise<TaxBasis> {
    const parsed = parse(TaxRequest, request)
    const regions = await readRates(this.#db, parsed)
    return { sale: withRates(parsed, regions), providerId: this.#providerOf(regions) }
  }

  /**
   * Whether {@link lines} calls a service outside of the process. Then hold no transaction while it does: read the rates
   * in one, commit, ask for the lines, and write them in another.
   *
   * @throws {TaxProviderMissing}
   */
  asksOutside({ providerId }: TaxBasis): boolean {
    return providerId !== null && this.#providers.get(providerId).asksOutside
  }

  /** Has the provider of the region make the lines. Sends no statement. @throws {TaxProviderMissing} */
  async lines({ sale, providerId }: TaxBasis): Promise<TaxLines> {
    if (providerId === null) return { items: untaxed(sale.items), shippingMethods: untaxed(sale.shippingMethods) }
    const provider = this.#providers.get(providerId)
    const { items, shippingMethods } = await provider.taxLines(sale)
    return {
      items: named(provider, sale.items, items),
      shippingMethods: named(provider, sale.shippingMethods, shippingMethods),
    }
  }

  #providerOf(regions: readonly RegionRates[]): string | null {
    if (regions.length === 0) return null
    return regions.find(({ providerId }) => providerId !== null)?.providerId ?? this.#providers.system.id
  }
}

function withRates(
  { address, items, shippingMethods, ...sale }: TaxRequest,
  regions: readonly RegionRates[],
): TaxableSale {
  const rates = regions.map((region) => region.rates)
  return {
    ...sale,
    address: { ...address, provinceCode: provinceCodeOf(address.countryCode, address.provinceCode) },
    items: items.map((item) => ({ ...item, rates: chooseRates(rates, item) })),
    shippingMethods: shippingMethods.map((method) => ({ ...method, rates: chooseRates(rates, method) })),
  }
}

const untaxed = (taxed: readonly { id: string }[]) => new Map<string, TaxLine[]>(taxed.map(({ id }) => [id, []]))

function named(
  { id: providerId }: TaxProvider,
  taxed: readonly { id: string }[],
  lines: ReadonlyMap<string, readonly ProvidedTaxLine[]>,
): Map<string, TaxLine[]> {
  const name = providerId.slice("tp_".length)
  const lineOf = ({ rate, code, name: title, taxRateId }: ProvidedTaxLine): TaxLine => ({
    rate: Amount.of(rate).toString(),
    code,
    name: title,
    providerId: name,
    taxRateId,
  })
  return new Map(taxed.map(({ id }) => [id, (lines.get(id) ?? []).map(lineOf)]))
}
