import type { CartLineView, CartView } from "@marquetry/cart"
import type { PriceCalculator } from "@marquetry/pricing"
import { PriceMissing } from "./cart-flow.errors.ts"
import { groupIdsOf, type Situation } from "./situation.ts"

/**
 * Gives lines what their variants cost this buyer, at the quantity that the cart holds. One statement. A line at a price of
 * its own keeps it, and so does one whose variant was deleted.
 *
 * @throws {PriceMissing}
 */
export async function priceLines(calculator: PriceCalculator, cart: CartView, situation: Situation): Promise<void> {
  const priced = cart.items.filter((item) => !item.isCustomPrice && variantOf(item, situation) !== undefined)
  const sold = priced.filter((item) => variantOf(item, situation)?.priceSet)
  const missing = priced.filter((item) => !variantOf(item, situation)?.priceSet).map(({ variantId }) => variantId)
  const asked = sold.map((item) => ({
    priceSetId: variantOf(item, situation)?.priceSet?.id as string,
    quantity: item.quantity,
  }))
  const prices = await calculator.calculate(asked, {
    currencyCode: cart.currencyCode,
    regionId: situation.region.id,
    customerGroupIds: groupIdsOf(situation),
  })
  sold.forEach((item, index) => {
    const price = prices[index]
    if (price === null || price === undefined) {
      missing.push(item.variantId)
      return
    }
    item.unitPrice = price.calculatedAmount
    item.isTaxInclusive = price.isCalculatedPriceTaxInclusive
    const isSale = price.calculatedPrice.priceListType === "sale"
    item.compareAtUnitPrice = isSale ? price.originalAmount : null
  })
  if (missing.length > 0) throw new PriceMissing(missing.map(String))
}

const variantOf = ({ variantId }: CartLineView, { variants }: Situation) =>
  variantId === null ? undefined : variants.get(variantId)
