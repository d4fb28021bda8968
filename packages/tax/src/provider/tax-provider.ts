import type { AmountLike } from "@marquetry/money"
import type { ChosenRate } from "../calculation/choose-rates.ts"
import type { TaxItem, TaxRequest, TaxShippingMethod } from "../calculation/tax-request.ts"

/** An item with the rates of this shop that apply to it, that of the province before that of the country. */
export interface TaxableItem extends TaxItem {
  readonly rates: readonly ChosenRate[]
}

export interface TaxableShippingMethod extends TaxShippingMethod {
  readonly rates: readonly ChosenRate[]
}

/** What taxes are computed for. */
export interface TaxableSale extends Omit<TaxRequest, "items" | "shippingMethods"> {
  readonly items: readonly TaxableItem[]
  readonly shippingMethods: readonly TaxableShippingMethod[]
}

/** A tax on an item or a shipping method, as a provider answers it. */
export interface ProvidedTaxLine {
  /** Per cent of the amount without tax. */
  readonly rate: AmountLike
  readonly code: string | null
  /** What the buyer reads. */
  readonly name: string
  /** The rate of this shop that it comes from, if it does. */
  readonly taxRateId: string | null
}

/** The taxes of a sale, by ids of items and shipping methods. One that is left out is not taxed. */
export interface ProvidedTaxLines {
  readonly items: ReadonlyMap<string, readonly ProvidedTaxLine[]>
  readonly shippingMethods: ReadonlyMap<string, readonly ProvidedTaxLine[]>
}

/**
 * Computes taxes: an extension point, for services that know the tax laws of the world. It is asked whenever a cart or an
 * order of its regions is taxed. To charge the rates that a shop keeps itself, no provider is needed beside `tp_system`.
 */
export interface TaxProvider {
  /** Permanent, `tp_` and a name: `tp_system`. What follows `tp_` is the provider's name on tax lines. */
  readonly id: string
  /**
   * Whether it asks anything outside of the process. Whoever holds a transaction or a lock lets go before it is called:
   * see `TaxCalculator.lines`.
   */
  readonly asksOutside: boolean
  /** Errors are passed on to whoever asked for taxes. */
  taxLines(sale: TaxableSale): Promise<ProvidedTaxLines> | ProvidedTaxLines
}
