import type { ComputedField } from "@marquetry/kernel"
import { calculatedPrice } from "./calculated-price.ts"
import { offeredShipping } from "./cart/offered-shipping.ts"
import { priceFields } from "./catalogue/price-fields.ts"
import { inventoryQuantity } from "./inventory-quantity.ts"
import { handledTotals } from "./order/handled-totals.ts"
import { paymentStatus } from "./order/order-status.ts"
import { refundableTotals } from "./order/refundable-total.ts"
import { priceListType } from "./price-list-type.ts"
import { shippingOptionPrices } from "./setup/shipping-option-prices.ts"
import { taxInclusiveness } from "./setup/tax-inclusiveness.ts"

/** Computed fields of a shop that sells: prices and stock of variants, costs of shipping, what became of orders. */
export const commerceFields: readonly ComputedField[] = [
  calculatedPrice,
  ...priceFields,
  priceListType,
  inventoryQuantity,
  ...offeredShipping,
  shippingOptionPrices,
  paymentStatus,
  ...refundableTotals,
  ...handledTotals,
  ...taxInclusiveness,
]
