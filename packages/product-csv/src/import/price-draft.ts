import { Amount, currencyOf, findCurrency, isAmountLike } from "@marquetry/money"
import { z } from "zod"
import type { VariantDraft } from "../product-draft.ts"
import { regionKey, type RegionIds } from "./references.ts"
import { plain, type ExistingPrice, type ExistingVariant } from "./shop-product.ts"

/** The currencies that a file's amounts are taken in, where it does not name them itself. */
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
  .max(50)
export type PricingRules = z.input<typeof PricingRules>

/** Prices of a variant as an import writes them, decimals in major units. */
export interface VariantPrices {
  /** By {@link priceKey}. Others were made by hand: an import leaves them alone. */
  readonly base: Readonly<Record<string, string>>
  /** By currency: what it costs now, where that is less than before. Not there where the file knows no such prices. */
  readonly sale?: Readonly<Record<string, string>>
}

/** A currency, and the region that a price holds in if it does not hold everywhere. */
export const priceKey = (currencyCode: string, regionId?: string): string =>
  regionId === undefined ? currencyCode : `${currencyCode} ${regionId}`

export function priceOfKey(key: string, amount: string) {
  const [currencyCode, regionId] = key.split(" ") as [string, string | undefined]
  return {
    currencyCode,
    amount,
    ...(regionId !== undefined && { rules: [{ attribute: "region_id", value: regionId }] }),
  }
}

/** What a variant shall cost. */
export function priceDraft(draft: VariantDraft, rules: PricingRules, regions: RegionIds): VariantPrices {
  const { price, compareAtPrice, prices = [] } = draft
  const named = prices.flatMap((one): [string, string][] => {
    if (one.region === undefined) return [[priceKey(one.currencyCode), one.amount]]
    const regionId = regions.get(regionKey(one))
    return regionId === undefined ? [] : [[priceKey(one.currencyCode, regionId), one.amount]]
  })
  const base = Object.fromEntries(named)
  if (price === undefined || price === null) return { base }
  return {
    base: { ...base, ...inCurrencies(compareAtPrice ?? price, rules) },
    sale: compareAtPrice === undefined || compareAtPrice === null ? {} : inCurrencies(price, rules),
  }
}

function inCurrencies(amount: string, rules: PricingRules): Record<string, string> {
  return Object.fromEntries(
    rules.map(({ currencyCode, factor = 1 }) => {
      if (Number(factor) === 1) return [currencyCode, amount]
      return [currencyCode, Amount.of(amount).times(factor).roundTo(currencyOf(currencyCode)).toString()]
    }),
  )
}

/** The key of a price that a file can tell; `undefined` for tiers, and for rules on anything but one region. */
export function keyOfPrice(price: ExistingPrice): string | undefined {
  if (price.minQuantity !== null || price.maxQuantity !== null || price.rulesCount > 1) return undefined
  if (price.rulesCount === 0) return priceKey(price.currencyCode)
  const [rule] = price.priceRules ?? []
  if (rule?.attribute !== "region_id" || rule.operator !== "eq" || typeof rule.value !== "string") return undefined
  return priceKey(price.currencyCode, rule.value)
}

/** What a variant costs already. */
export function pricesOf({ priceSet }: Pick<ExistingVariant, "priceSet">, saleListId: string | undefined) {
  const keyed = (priceSet?.prices ?? []).flatMap((price) => {
    const key = keyOfPrice(price)
    return key === undefined ? [] : [{ key, listId: price.priceListId, amount: plain(price.amount) as string }]
  })
  const byKey = (listId: string | null) =>
    Object.fromEntries(keyed.filter((price) => price.listId === listId).map(({ key, amount }) => [key, amount]))
  return { base: byKey(null), sale: saleListId === undefined ? {} : byKey(saleListId) }
}

/** Whether a variant costs what it shall, in the currencies and regions that are told. */
export function costsAsDrafted(
  { base, sale }: VariantPrices,
  variant: ExistingVariant,
  saleListId: string | undefined,
) {
  const now = pricesOf(variant, saleListId)
  const keys = Object.keys(base)
  return keys.every((key) => now.base[key] === base[key] && (sale === undefined || now.sale[key] === sale[key]))
}
