import { defineResource } from "@marquetry/kernel"
import { OrderChange } from "../change/order-change.entity.ts"
import { OrderTransaction } from "../transaction/order-transaction.entity.ts"
import {
  Order,
  OrderAddress,
  OrderCreditLine,
  OrderLineAdjustment,
  OrderLineDetail,
  OrderLineItem,
  OrderLineTaxLine,
  OrderShippingAdjustment,
  OrderShippingMethod,
  OrderShippingTaxLine,
} from "./order.entity.ts"

export const orderResource = defineResource("order", Order, {
  private: ["displayText", "placedTotal", "itemQuantity", "fulfilledQuantity", "shippedQuantity", "deliveredQuantity"],
  search: ["email", "customDisplayId", "displayText", "shippingAddress.firstName", "shippingAddress.lastName"],
  inverse: { transactions: [OrderTransaction, "order"], changes: [OrderChange, "order"] },
})
export const orderAddressResource = defineResource("order_address", OrderAddress)
export const orderCreditLineResource = defineResource("order_credit_line", OrderCreditLine)
export const orderLineItemResource = defineResource("order_line_item", OrderLineItem)
export const orderLineDetailResource = defineResource("order_line_detail", OrderLineDetail)
export const orderLineAdjustmentResource = defineResource("order_line_adjustment", OrderLineAdjustment)
export const orderLineTaxLineResource = defineResource("order_line_tax_line", OrderLineTaxLine)
export const orderShippingMethodResource = defineResource("order_shipping_method", OrderShippingMethod)
export const orderShippingAdjustmentResource = defineResource("order_shipping_adjustment", OrderShippingAdjustment)
export const orderShippingTaxLineResource = defineResource("order_shipping_tax_line", OrderShippingTaxLine)
