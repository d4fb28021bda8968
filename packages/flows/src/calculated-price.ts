import { computedField, ModuleError, type DependencyContainer, type ResolveContext } from "@marquetry/kernel"
import { Amount } from "@marquetry/money"
import { PriceCalculator } from "@marquetry/pricing"
import { variantResource } from "@marquetry/product"
import { BuyerRegion, type Buyer, type PriceRegion } from "./buyer-region.ts"
import { taxPrices, type Priced, type TaxedAmounts } from "./price-taxes.ts"

/** A price was asked for without saying where, and the store has no default region. */
export class RegionRequired extends ModuleError {
  readonly code = "pricing.region_required"
  readonly kind = "invalid"
  constructor() {
    super("Prices are those of a region: pass region_id, or give the store a default region")
  }
}

/**
 * What this buyer pays for a variant. The context of the read tells of the buyer, as `buyer`; one statement for all
 * variants of an answer, and one or two for the region where the context does not hold it.
 */
export const calculatedPrice = computedField(variantResource, {
  name: "calculated_price",
  key: "priceSet.id",
  resolve: async (priceSetIds, context) => {
    const buyer = (context.context["buyer"] ?? {}) as Buyer
    const region = await regionOf(context.container, buyer)
    return calculate(context, priceSetIds, region, buyer)
  },
})

async function regionOf(container: DependencyContainer, buyer: Buyer) {
  const region = await container.resolve(BuyerRegion).find(buyer)
  if (region === null) throw new RegionRequired()
  return region
}

async function calculate(
  { container, wire }: ResolveContext,
  ids: readonly string[],
  region: PriceRegion,
  { customerGroupIds, destination }: Buyer,
): Promise<readonly unknown[]> {
  const calculator = container.resolve(PriceCalculator)
  const { currencyCode, regionId } = region
  const context = { currencyCode, regionId, ...(customerGroupIds && { customerGroupIds: [...customerGroupIds] }) }
  if (destination === undefined || !region.automaticTaxes) {
    return wire ? calculator.calculateForWire(ids, context) : calculator.calculate(ids, context)
  }
  const shown = wire ? await calculator.calculateForWire(ids, context) : await calculator.calculate(ids, context)
  const found = shown.flatMap((price) => (price === null ? [] : [{ priceSetId: price.id, price: plain(price) }]))
  const taxed = await taxPrices(container, found, region, destination)
  return shown.map((price) => {
    const amounts = price === null ? undefined : taxed.get(price.id)
    return amounts === undefined ? price : { ...price, ...(wire ? onWire(amounts) : amounts) }
  })
}

type Shown = NonNullable<Awaited<ReturnType<PriceCalculator["calculate" | "calculateForWire"]>>[number]>

/** What taxes are computed of, from either of the shapes. */
const plain = (price: Shown): Priced =>
  "calculatedAmount" in price
    ? price
    : {
        calculatedAmount: Amount.of(price.calculated_amount).toString(),
        originalAmount: Amount.of(price.original_amount).toString(),
        isCalculatedPriceTaxInclusive: price.is_calculated_price_tax_inclusive,
        isOriginalPriceTaxInclusive: price.is_original_price_tax_inclusive,
      }

const onWire = (amounts: TaxedAmounts) => ({
  calculated_amount_with_tax: Number(amounts.calculatedAmountWithTax),
  calculated_amount_without_tax: Number(amounts.calculatedAmountWithoutTax),
  original_amount_with_tax: Number(amounts.originalAmountWithTax),
  original_amount_without_tax: Number(amounts.originalAmountWithoutTax),
})
