import { computedField, ModuleError, type DependencyContainer, type ResolveContext } from "@marquetry/kernel"
import { PriceCalculator } from "@marquetry/pricing"
import { variantResource } from "@marquetry/product"
import { BuyerRegion, type Buyer } from "./buyer-region.ts"

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
    return calculate(context, priceSetIds, { ...buyer, ...region })
  },
})

async function regionOf(container: DependencyContainer, buyer: Buyer) {
  const region = await container.resolve(BuyerRegion).find(buyer)
  if (region === null) throw new RegionRequired()
  return region
}

function calculate(
  { container, wire }: ResolveContext,
  ids: readonly string[],
  {
    regionId,
    currencyCode,
    customerGroupIds,
  }: { regionId: string; currencyCode: string; customerGroupIds?: readonly string[] },
): Promise<readonly unknown[]> {
  const calculator = container.resolve(PriceCalculator)
  const context = { currencyCode, regionId, ...(customerGroupIds && { customerGroupIds: [...customerGroupIds] }) }
  return wire ? calculator.calculateForWire(ids, context) : calculator.calculate(ids, context)
}
