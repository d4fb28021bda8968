import { Query, type DependencyContainer } from "@marquetry/kernel"
import { computeTotals, currencyOf } from "@marquetry/money"
import { TaxCalculator } from "@marquetry/tax"
import type { PriceRegion } from "./buyer-region.ts"

/** Where a buyer is, for showing prices with taxes. */
export interface Destination {
  readonly countryCode: string
  readonly province?: string | null | undefined
}

/** A price, as far as taxes are concerned. */
export interface Priced {
  readonly calculatedAmount: string
  readonly originalAmount: string
  readonly isCalculatedPriceTaxInclusive: boolean
  readonly isOriginalPriceTaxInclusive: boolean
}

/** Amounts of one price with and without the taxes of a place, as decimal texts. */
export interface TaxedAmounts {
  readonly calculatedAmountWithTax: string
  readonly calculatedAmountWithoutTax: string
  readonly originalAmountWithTax: string
  readonly originalAmountWithoutTax: string
}

/** Adds the taxes of a place to prices, by price set. Two statements for any number. */
export async function taxPrices(
  container: DependencyContainer,
  prices: readonly { readonly priceSetId: string; readonly price: Priced }[],
  region: PriceRegion,
  { countryCode, province = null }: Destination,
): Promise<Map<string, TaxedAmounts>> {
  const priceSetIds = prices.map(({ priceSetId }) => priceSetId)
  const { rows } = await container.resolve(Query).listAny("price_set", {
    fields: { id: true, variant: { product: { id: true, typeId: true } } },
    filter: { id: priceSetIds },
    limit: 10_000,
    count: false,
  })
  const products = new Map(rows.map((row) => [row["id"] as string, productOf(row)]))
  const { items } = await container.resolve(TaxCalculator).taxLines({
    address: { countryCode, provinceCode: province },
    currencyCode: region.currencyCode,
    items: prices.map(({ priceSetId, price }) => ({
      id: priceSetId,
      productId: products.get(priceSetId)?.id ?? null,
      productTypeId: products.get(priceSetId)?.typeId ?? null,
      quantity: 1,
      unitPrice: price.calculatedAmount,
    })),
  })
  const split = splitter(region.currencyCode)
  return new Map(
    prices.map(({ priceSetId, price }) => {
      const rates = items.get(priceSetId) ?? []
      const calculated = split(price.calculatedAmount, price.isCalculatedPriceTaxInclusive, rates)
      const original = split(price.originalAmount, price.isOriginalPriceTaxInclusive, rates)
      return [
        priceSetId,
        {
          calculatedAmountWithTax: calculated.total,
          calculatedAmountWithoutTax: calculated.subtotal,
          originalAmountWithTax: original.total,
          originalAmountWithoutTax: original.subtotal,
        },
      ]
    }),
  )
}

/** Splits prices into net and gross, each different one once: most variants of a page cost the same as another. */
function splitter(currencyCode: string) {
  const currency = currencyOf(currencyCode)
  const known = new Map<string, { readonly total: string; readonly subtotal: string }>()
  return (unitPrice: string, isTaxInclusive: boolean, taxLines: readonly { readonly rate: string }[]) => {
    const key = [unitPrice, isTaxInclusive, ...taxLines.map(({ rate }) => rate)].join(" ")
    let found = known.get(key)
    if (found === undefined) {
      const line = { unitPrice, quantity: 1, isTaxInclusive, adjustments: [], taxLines }
      found = computeTotals({ items: [line], shippingMethods: [] }, currency).totals
      known.set(key, found)
    }
    return found
  }
}

function productOf(row: Record<string, unknown>): { id: string; typeId: string | null } | undefined {
  return (row["variant"] as { product: { id: string; typeId: string | null } } | null)?.product
}
