import { Amount, currencyOf, findCurrency, isAmountLike } from "@marquetry/money"
import { z } from "zod"
import { choiceKey, type VariantPrices } from "./comparable.ts"
import type { ProductDraft } from "./product-draft.ts"

/** The currencies that a file's amounts are taken in. */
export const PricingRules = z
  .array(
    z.strictObject({
      currencyCode: z
        .string()
        .trim()
        .toLowerCase()
        .refine((code) => findCurrency(code) !== null, "an ISO 4217 currency code"),
      /** What an amount of the file is multiplied with, then rounded to the currency. 1 takes it as it is. */
      factor: z
        .union([z.string(), z.number()])
        .refine((value) => isAmountLike(value) && Amount.of(value).isPositive(), "a decimal above zero")
        .default(1),
    }),
  )
  .min(1)
  .max(50)
export type PricingRules = z.input<typeof PricingRules>

/** The prices of each variant of a draft, by its option values. */
export function priceDraft(draft: ProductDraft, rules: PricingRules): ReadonlyMap<string, VariantPrices> {
  return new Map(
    draft.variants.map(({ options, price, compareAtPrice }) => [
      choiceKey(options),
      {
        base: inCurrencies(compareAtPrice ?? price, rules),
        sale: compareAtPrice === null ? {} : inCurrencies(price, rules),
      },
    ]),
  )
}

function inCurrencies(amount: string, rules: PricingRules): Record<string, string> {
  return Object.fromEntries(
    rules.map(({ currencyCode, factor = 1 }) => {
      if (Number(factor) === 1) return [currencyCode, amount]
      return [currencyCode, Amount.of(amount).times(factor).roundTo(currencyOf(currencyCode)).toString()]
    }),
  )
}
