import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import {
  adjustment,
  amount,
  count,
  fulfillmentStatuses,
  fulfillmentStatusExpression,
  handledInOrder,
  handledQuantities,
  lineTotals,
  nullableText,
  orderTotals,
  summaryExpression,
  taxLine,
  zero,
  type OrderSummary,
} from "./order-columns.ts"

const orderStatuses = ["pending", "completed", "draft", "archived", "canceled", "requires_action"] as const
export type OrderStatus = (typeof orderStatuses)[number]

const AddressTable = defineEntity({
  name: "OrderAddress",
  indexes: [searchIndex("order", "order_address", ["first_name", "last_name"])],
  properties: {
    id: id("ordaddr"),
    customerId: nullableText(),
    firstName: nullableText(),
    lastName: nullableText(),
    company: nullableText(),
    address1: nullableText().fieldName("address_1"),
    address2: nullableText().fieldName("address_2"),
    city: nullableText(),
    /** ISO 3166-1 alpha-2, lower case. */
    countryCode: nullableText(),
    province: nullableText(),
    postalCode: nullableText(),
    phone: nullableText(),
    ...metadata,
    ...timestamps,
  },
})

/** Where an order is sent to, or billed. */
export class OrderAddress extends AddressTable.class {}
AddressTable.setClass(OrderAddress)

const address = () => p.manyToOne(OrderAddress).ref().strictNullable().default(null)

const OrderTable = defineEntity({
  name: "Order",
  indexes: [searchIndex("order", "order", ["email", "custom_display_id", "display_text"])],
  checks: [
    { name: "order_currency_code_check", expression: "currency_code ~ '^[a-z]{3}$'" },
    { name: "order_total_check", expression: "total >= 0 and discount_total >= 0 and tax_total >= 0" },
    { name: "order_paid_total_check", expression: "paid_total >= 0 and refunded_total >= 0" },
    { name: "order_handled_check", expression: `${handledInOrder} and fulfilled_quantity <= item_quantity` },
  ],
  properties: {
    id: id("order"),
    /** What people call it: rises with every order, with gaps. */
    displayId: p.integer().autoincrement().unique("order_display_id_unique"),
    /** As text, for searching. */
    displayText: p.text().generated("(display_id::text) stored"),
    customDisplayId: nullableText(),
    /** The cart that it was made of. Unique, so that of several that complete a cart at once, one makes the order. */
    cartId: nullableText().unique("order_cart_id_unique"),
    version: p.integer().default(1),
    status: p.enum(orderStatuses).default("pending").index("order_status_index"),
    /** ISO 4217, lower case. */
    currencyCode: p.text(),
    email: nullableText().index("order_email_index"),
    locale: nullableText(),
    regionId: nullableText().index("order_region_id_index"),
    customerId: nullableText().index("order_customer_id_index"),
    salesChannelId: nullableText().index("order_sales_channel_id_index"),
    shippingAddress: () => address().index("order_shipping_address_id_index"),
    billingAddress: () => address().index("order_billing_address_id_index"),
    isDraftOrder: p.boolean().default(false),
    /** Whether the customer shall not be written to. */
    noNotification: p.boolean().default(false),
    canceledAt: p.datetime(3).strictNullable().default(null),
    items: () => p.oneToMany(OrderLineItem).mappedBy("order"),
    shippingMethods: () => p.oneToMany(OrderShippingMethod).mappedBy("order"),
    creditLines: () => p.oneToMany(OrderCreditLine).mappedBy("order"),
    ...orderTotals,
    total: orderTotals.total.index("order_total_index"),
    /** What was to be paid when the order was placed. */
    placedTotal: zero(),
    paidTotal: zero(),
    refundedTotal: zero(),
    summary: p.json<OrderSummary>().generated(summaryExpression),
    /** Pieces of all lines. Here too, so that one row decides what may become of an order. */
    itemQuantity: count(),
    ...handledQuantities,
    fulfillmentStatus: p.enum(fulfillmentStatuses).generated(fulfillmentStatusExpression),
    ...metadata,
    createdAt: timestamps.createdAt.index("order_created_at_index"),
    updatedAt: timestamps.updatedAt.index("order_updated_at_index"),
    ...softDelete,
  },
})

/** What somebody has bought, as it was sold. */
export class Order extends OrderTable.class {}
OrderTable.setClass(Order)

const CreditLineTable = defineEntity({
  name: "OrderCreditLine",
  orderBy: { id: "asc" },
  checks: [{ name: "order_credit_line_amount_check", expression: "amount >= 0" }],
  properties: {
    id: id("ordcl"),
    order: () => p.manyToOne(Order).ref().deleteRule("cascade").index("order_credit_line_order_id_index"),
    version: p.integer().default(1),
    /** What pays: `gift_card`, and its id. */
    reference: nullableText(),
    referenceId: nullableText(),
    amount: amount(),
    // Credits bear no tax.
    subtotal: amount().generated("(amount) stored"),
    total: amount().generated("(amount) stored"),
    ...metadata,
    ...timestamps,
  },
})

/** Part of the total that is paid otherwise: by a gift card, by store credit. */
export class OrderCreditLine extends CreditLineTable.class {}
CreditLineTable.setClass(OrderCreditLine)

const LineItemTable = defineEntity({
  name: "OrderLineItem",
  // Lines of an order come in the order in which they were added.
  orderBy: { id: "asc" },
  checks: [
    { name: "order_line_item_quantity_check", expression: "quantity > 0" },
    { name: "order_line_item_unit_price_check", expression: "unit_price >= 0" },
    { name: "order_line_item_total_check", expression: "total >= 0 and discount_total >= 0 and tax_total >= 0" },
  ],
  properties: {
    id: id("ordli"),
    order: () => p.manyToOne(Order).ref().deleteRule("cascade").index("order_line_item_order_id_index"),
    title: p.text(),
    subtitle: nullableText(),
    thumbnail: nullableText(),
    quantity: p.integer(),
    variantId: nullableText(),
    productId: nullableText(),
    // What was sold is described here, so that an order says what was bought when the product has changed.
    productTitle: nullableText(),
    productDescription: nullableText(),
    productSubtitle: nullableText(),
    productType: nullableText(),
    productTypeId: nullableText(),
    productCollection: nullableText(),
    productHandle: nullableText(),
    variantSku: nullableText(),
    variantBarcode: nullableText(),
    variantTitle: nullableText(),
    variantOptionValues: p.json<Record<string, string>>().strictNullable().default(null),
    requiresShipping: p.boolean().default(true),
    isDiscountable: p.boolean().default(true),
    isGiftcard: p.boolean().default(false),
    isTaxInclusive: p.boolean().default(false),
    /** Whether the price was given by hand. */
    isCustomPrice: p.boolean().default(false),
    /** Major units per piece. */
    unitPrice: amount(),
    /** What it would have cost without a sale, for showing. */
    compareAtUnitPrice: amount().strictNullable().default(null),
    ...lineTotals,
    adjustments: () => p.oneToMany(OrderLineAdjustment).mappedBy("item"),
    taxLines: () => p.oneToMany(OrderLineTaxLine).mappedBy("item"),
    detail: () => p.oneToOne(OrderLineDetail).mappedBy("item").ref(),
    ...metadata,
    ...timestamps,
  },
})

/** Something that was sold, so many times. */
export class OrderLineItem extends LineItemTable.class {}
LineItemTable.setClass(OrderLineItem)

const returned = "return_requested_quantity >= 0 and return_received_quantity >= 0 and return_dismissed_quantity >= 0"

const LineDetailTable = defineEntity({
  name: "OrderLineDetail",
  checks: [
    { name: "order_line_detail_handled_check", expression: `${handledInOrder} and fulfilled_quantity <= quantity` },
    { name: "order_line_detail_returned_check", expression: `${returned} and written_off_quantity >= 0` },
  ],
  properties: {
    id: id("orditem"),
    order: () => p.manyToOne(Order).ref().deleteRule("cascade").index("order_line_detail_order_id_index"),
    item: () =>
      p.oneToOne(OrderLineItem).owner().ref().deleteRule("cascade").unique("order_line_detail_item_id_unique"),
    version: p.integer().default(1),
    /** Where they differ from what the line was sold at. */
    unitPrice: amount().strictNullable().default(null),
    compareAtUnitPrice: amount().strictNullable().default(null),
    quantity: p.integer(),
    ...handledQuantities,
    returnRequestedQuantity: count(),
    returnReceivedQuantity: count(),
    returnDismissedQuantity: count(),
    writtenOffQuantity: count(),
    ...metadata,
    ...timestamps,
  },
})

/** What became of the pieces of a line. Apart from it: a line says what was sold and stays as it is. */
export class OrderLineDetail extends LineDetailTable.class {}
LineDetailTable.setClass(OrderLineDetail)

const LineAdjustmentTable = defineEntity({
  name: "OrderLineAdjustment",
  orderBy: { id: "asc" },
  checks: [{ name: "order_line_adjustment_amount_check", expression: "amount >= 0" }],
  properties: {
    id: id("ordliadj"),
    item: () => p.manyToOne(OrderLineItem).ref().deleteRule("cascade").index("order_line_adjustment_item_id_index"),
    ...adjustment,
  },
})

/** A discount on one line. */
export class OrderLineAdjustment extends LineAdjustmentTable.class {}
LineAdjustmentTable.setClass(OrderLineAdjustment)

const LineTaxLineTable = defineEntity({
  name: "OrderLineTaxLine",
  orderBy: { id: "asc" },
  checks: [{ name: "order_line_tax_line_rate_check", expression: "rate >= 0" }],
  properties: {
    id: id("ordlitxl"),
    item: () => p.manyToOne(OrderLineItem).ref().deleteRule("cascade").index("order_line_tax_line_item_id_index"),
    ...taxLine,
  },
})

/** A tax on one line. */
export class OrderLineTaxLine extends LineTaxLineTable.class {}
LineTaxLineTable.setClass(OrderLineTaxLine)

const ShippingMethodTable = defineEntity({
  name: "OrderShippingMethod",
  orderBy: { id: "asc" },
  checks: [
    { name: "order_shipping_method_amount_check", expression: "amount >= 0" },
    { name: "order_shipping_method_total_check", expression: "total >= 0 and discount_total >= 0 and tax_total >= 0" },
  ],
  properties: {
    id: id("ordsm"),
    order: () => p.manyToOne(Order).ref().deleteRule("cascade").index("order_shipping_method_order_id_index"),
    name: p.text(),
    description: p.json<Record<string, unknown>>().strictNullable().default(null),
    amount: amount(),
    isTaxInclusive: p.boolean().default(false),
    /** Whether the amount was given by hand. */
    isCustomAmount: p.boolean().default(false),
    shippingOptionId: nullableText(),
    data: p.json<Record<string, unknown>>().strictNullable().default(null),
    ...lineTotals,
    adjustments: () => p.oneToMany(OrderShippingAdjustment).mappedBy("shippingMethod"),
    taxLines: () => p.oneToMany(OrderShippingTaxLine).mappedBy("shippingMethod"),
    ...metadata,
    ...timestamps,
  },
})

/** How goods are sent, and for how much. */
export class OrderShippingMethod extends ShippingMethodTable.class {}
ShippingMethodTable.setClass(OrderShippingMethod)

const ShippingAdjustmentTable = defineEntity({
  name: "OrderShippingAdjustment",
  orderBy: { id: "asc" },
  checks: [{ name: "order_shipping_adjustment_amount_check", expression: "amount >= 0" }],
  properties: {
    id: id("ordsmadj"),
    shippingMethod: () =>
      p.manyToOne(OrderShippingMethod).ref().deleteRule("cascade").index("order_shipping_adjustment_method_id_index"),
    ...adjustment,
  },
})

/** A discount on shipping. */
export class OrderShippingAdjustment extends ShippingAdjustmentTable.class {}
ShippingAdjustmentTable.setClass(OrderShippingAdjustment)

const ShippingTaxLineTable = defineEntity({
  name: "OrderShippingTaxLine",
  orderBy: { id: "asc" },
  checks: [{ name: "order_shipping_tax_line_rate_check", expression: "rate >= 0" }],
  properties: {
    id: id("ordsmtxl"),
    shippingMethod: () =>
      p.manyToOne(OrderShippingMethod).ref().deleteRule("cascade").index("order_shipping_tax_line_method_id_index"),
    ...taxLine,
  },
})

/** A tax on shipping. */
export class OrderShippingTaxLine extends ShippingTaxLineTable.class {}
ShippingTaxLineTable.setClass(OrderShippingTaxLine)
