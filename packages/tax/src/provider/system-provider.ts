import type { ChosenRate } from "../calculation/choose-rates.ts"
import type { ProvidedTaxLine, TaxProvider } from "./tax-provider.ts"

/** The provider of regions that name none: charges the shop's own rates. */
export const systemTaxProvider: TaxProvider = Object.freeze({
  id: "tp_system",
  asksOutside: false,
  taxLines: ({ items, shippingMethods }) => ({ items: linesOf(items), shippingMethods: linesOf(shippingMethods) }),
} satisfies TaxProvider)

const linesOf = (taxed: readonly { id: string; rates: readonly ChosenRate[] }[]) =>
  new Map(taxed.map(({ id, rates }) => [id, rates.map(lineOf)]))

const lineOf = ({ id, rate, code, name }: ChosenRate): ProvidedTaxLine => ({
  rate: rate ?? 0,
  code,
  name,
  taxRateId: id,
})
