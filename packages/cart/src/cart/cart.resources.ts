import { defineResource } from "@marquetry/kernel"
import {
  Cart,
  CartAddress,
  CartCreditLine,
  CartLineAdjustment,
  CartLineItem,
  CartLineTaxLine,
  CartShippingAdjustment,
  CartShippingMethod,
  CartShippingTaxLine,
} from "./cart.entity.ts"

export const cartResource = defineResource("cart", Cart)
export const cartAddressResource = defineResource("cart_address", CartAddress)
export const cartCreditLineResource = defineResource("cart_credit_line", CartCreditLine)
export const cartLineItemResource = defineResource("cart_line_item", CartLineItem)
export const cartLineAdjustmentResource = defineResource("cart_line_adjustment", CartLineAdjustment)
export const cartLineTaxLineResource = defineResource("cart_line_tax_line", CartLineTaxLine)
export const cartShippingMethodResource = defineResource("cart_shipping_method", CartShippingMethod)
export const cartShippingAdjustmentResource = defineResource("cart_shipping_adjustment", CartShippingAdjustment)
export const cartShippingTaxLineResource = defineResource("cart_shipping_tax_line", CartShippingTaxLine)
