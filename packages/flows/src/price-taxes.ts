import { Query, type DependencyContainer } from "@marquetry/kernel"
import { computeTotals, currencyOf } from "@marquetry/money"
import { TaxCalculator } from "@marquetry/tax"
import type { PriceRegion } from "./buyer-region.ts"

/** Where a buyer is, for showing prices with taxes. */
export interface Destination {
  readonly countryCode: string
  readonly province?: string | null | undefined
}

interface Priced {
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
  return new Map(
    prices.map(({ priceSetId, price }) => {
      const rates = items.get(priceSetId) ?? []
      const of = (unitPrice: string, isTaxInclusive: boolean) => {
        const line = { unitPrice, quantity: 1, isTaxInclusive, adjustments: [], taxLines: rates }
        return computeTotals({ items: [line], shippingMethods: [] }, currencyOf(region.currencyCode)).totals
      }
      const calculated = of(price.calculatedAmount, price.isCalculatedPriceTaxInclusive)
      const original = of(price.originalAmount, price.isOriginalPriceTaxInclusive)
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

function productOf(row: Record<string, unknown>): { id: string; typeId: string | null } | undefined {
  return (row["variant"] as { product: { id: string; typeId: string | null } } | null)?.product
}
