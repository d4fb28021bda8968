import { defineEntity, id, metadata, p, softDelete, timestamps } from "@marquetry/kernel"
import { cartTotalNames, lineTotalNames } from "@marquetry/money"

/** Major units, exact. */
const amount = () => p.decimal().columnType("numeric")
const zero = () => amount().default("0")

function columns<const Name extends string>(names: readonly Name[]) {
  return Object.fromEntries(names.map((name) => [name, zero()])) as Record<Name, ReturnType<typeof zero>>
}

// Written by the one function that computes totals, with every change: reading a cart adds nothing up.
const cartTotals = columns(cartTotalNames)
const lineTotals = columns(lineTotalNames)
const partTotals = columns(["subtotal", "total"])

/** A discount, on whatever it is. */
const adjustment = {
  code: p.text().strictNullable().default(null),
  promotionId: p.text().strictNullable().default(null),
  description: p.text().strictNullable().default(null),
  providerId: p.text().strictNullable().default(null),
  amount: amount(),
  /** Whether the amount contains tax. */
  isTaxInclusive: p.boolean().default(false),
  ...partTotals,
  ...metadata,
  ...timestamps,
}

/** A tax, on whatever it is. */
const taxLine = {
  description: p.text().strictNullable().default(null),
  taxRateId: p.text().strictNullable().default(null),
  code: p.text().strictNullable().default(null),
  /** Per cent. */
  rate: amount(),
  providerId: p.text().strictNullable().default(null),
  data: p.json<Record<string, unknown>>().strictNullable().default(null),
  ...partTotals,
  ...metadata,
  ...timestamps,
}

const AddressTable = defineEntity({
  name: "CartAddress",
  properties: {
    id: id("caaddr"),
    customerId: p.text().strictNullable().default(null),
    firstName: p.text().strictNullable().default(null),
    lastName: p.text().strictNullable().default(null),
    company: p.text().strictNullable().default(null),
    address1: p.text().fieldName("address_1").strictNullable().default(null),
    address2: p.text().fieldName("address_2").strictNullable().default(null),
    city: p.text().strictNullable().default(null),
    /** ISO 3166-1 alpha-2, lower case. */
    countryCode: p.text().strictNullable().default(null),
    province: p.text().strictNullable().default(null),
    postalCode: p.text().strictNullable().default(null),
    phone: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
  },
})

/** Where a cart is sent to, or billed. */
export class CartAddress extends AddressTable.class {}
AddressTable.setClass(CartAddress)

const address = () => p.manyToOne(CartAddress).ref().strictNullable().default(null)

const CartTable = defineEntity({
  name: "Cart",
  checks: [
    { name: "cart_currency_code_check", expression: "currency_code ~ '^[a-z]{3}$'" },
    { name: "cart_total_check", expression: "total >= 0 and discount_total >= 0 and tax_total >= 0" },
  ],
  properties: {
    id: id("cart"),
    /** ISO 4217, lower case. */
    currencyCode: p.text(),
    email: p.text().strictNullable().default(null),
    locale: p.text().strictNullable().default(null),
    regionId: p.text().strictNullable().default(null),
    customerId: p.text().strictNullable().default(null).index("cart_customer_id_index"),
    salesChannelId: p.text().strictNullable().default(null),
    shippingAddress: () => address().index("cart_shipping_address_id_index"),
    billingAddress: () => address().index("cart_billing_address_id_index"),
    /** Codes that the shopper gave, whether they give a discount now or not. */
    promoCodes: p.array().default([]),
    /** When it became an order; from then on it does not change. */
    completedAt: p.datetime(3).strictNullable().default(null),
    items: () => p.oneToMany(CartLineItem).mappedBy("cart"),
    shippingMethods: () => p.oneToMany(CartShippingMethod).mappedBy("cart"),
    creditLines: () => p.oneToMany(CartCreditLine).mappedBy("cart"),
    ...cartTotals,
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** What somebody is about to buy. */
export class Cart extends CartTable.class {}
CartTable.setClass(Cart)

const CreditLineTable = defineEntity({
  name: "CartCreditLine",
  orderBy: { id: "asc" },
  checks: [{ name: "cart_credit_line_amount_check", expression: "amount >= 0" }],
  properties: {
    id: id("cacl"),
    cart: () => p.manyToOne(Cart).ref().deleteRule("cascade").index("cart_credit_line_cart_id_index"),
    /** What pays: `gift_card`, and its id. */
    reference: p.text().strictNullable().default(null),
    referenceId: p.text().strictNullable().default(null),
    amount: amount(),
    ...metadata,
    ...timestamps,
  },
})

/** Part of the total that is paid otherwise: by a gift card, by store credit. */
export class CartCreditLine extends CreditLineTable.class {}
CreditLineTable.setClass(CartCreditLine)

const LineItemTable = defineEntity({
  name: "CartLineItem",
  // Lines of a cart come in the order in which they were added.
  orderBy: { id: "asc" },
  checks: [
    { name: "cart_line_item_quantity_check", expression: "quantity > 0" },
    { name: "cart_line_item_unit_price_check", expression: "unit_price >= 0" },
    { name: "cart_line_item_total_check", expression: "total >= 0 and discount_total >= 0 and tax_total >= 0" },
  ],
  properties: {
    id: id("cali"),
    cart: () => p.manyToOne(Cart).ref().deleteRule("cascade").index("cart_line_item_cart_id_index"),
    title: p.text(),
    subtitle: p.text().strictNullable().default(null),
    thumbnail: p.text().strictNullable().default(null),
    quantity: p.integer(),
    variantId: p.text().strictNullable().default(null),
    productId: p.text().strictNullable().default(null),
    // What was sold is described here, so that a cart can be shown when the product has changed.
    productTitle: p.text().strictNullable().default(null),
    productDescription: p.text().strictNullable().default(null),
    productSubtitle: p.text().strictNullable().default(null),
    productType: p.text().strictNullable().default(null),
    productTypeId: p.text().strictNullable().default(null),
    productCollection: p.text().strictNullable().default(null),
    productHandle: p.text().strictNullable().default(null),
    variantSku: p.text().strictNullable().default(null),
    variantBarcode: p.text().strictNullable().default(null),
    variantTitle: p.text().strictNullable().default(null),
    variantOptionValues: p.json<Record<string, string>>().strictNullable().default(null),
    requiresShipping: p.boolean().default(true),
    isDiscountable: p.boolean().default(true),
    isGiftcard: p.boolean().default(false),
    isTaxInclusive: p.boolean().default(false),
    /** Whether the price was given by hand; then it is not computed again. */
    isCustomPrice: p.boolean().default(false),
    /** Major units per piece. */
    unitPrice: amount(),
    /** What it would cost without a sale, for showing. */
    compareAtUnitPrice: amount().strictNullable().default(null),
    ...lineTotals,
    adjustments: () => p.oneToMany(CartLineAdjustment).mappedBy("item"),
    taxLines: () => p.oneToMany(CartLineTaxLine).mappedBy("item"),
    ...metadata,
    ...timestamps,
  },
})

/** Something in a cart, so many times. */
export class CartLineItem extends LineItemTable.class {}
LineItemTable.setClass(CartLineItem)

const LineAdjustmentTable = defineEntity({
  name: "CartLineAdjustment",
  orderBy: { id: "asc" },
  checks: [{ name: "cart_line_adjustment_amount_check", expression: "amount >= 0" }],
  properties: {
    id: id("caliadj"),
    item: () => p.manyToOne(CartLineItem).ref().deleteRule("cascade").index("cart_line_adjustment_item_id_index"),
    ...adjustment,
  },
})

/** A discount on one line. */
export class CartLineAdjustment extends LineAdjustmentTable.class {}
LineAdjustmentTable.setClass(CartLineAdjustment)

const LineTaxLineTable = defineEntity({
  name: "CartLineTaxLine",
  orderBy: { id: "asc" },
  checks: [{ name: "cart_line_tax_line_rate_check", expression: "rate >= 0" }],
  properties: {
    id: id("calitxl"),
    item: () => p.manyToOne(CartLineItem).ref().deleteRule("cascade").index("cart_line_tax_line_item_id_index"),
    ...taxLine,
  },
})

/** A tax on one line. */
export class CartLineTaxLine extends LineTaxLineTable.class {}
LineTaxLineTable.setClass(CartLineTaxLine)

const ShippingMethodTable = defineEntity({
  name: "CartShippingMethod",
  orderBy: { id: "asc" },
  checks: [
    { name: "cart_shipping_method_amount_check", expression: "amount >= 0" },
    { name: "cart_shipping_method_total_check", expression: "total >= 0 and discount_total >= 0 and tax_total >= 0" },
  ],
  properties: {
    id: id("casm"),
    cart: () => p.manyToOne(Cart).ref().deleteRule("cascade").index("cart_shipping_method_cart_id_index"),
    name: p.text(),
    description: p.json<Record<string, unknown>>().strictNullable().default(null),
    amount: amount(),
    isTaxInclusive: p.boolean().default(false),
    shippingOptionId: p.text().strictNullable().default(null),
    data: p.json<Record<string, unknown>>().strictNullable().default(null),
    ...lineTotals,
    adjustments: () => p.oneToMany(CartShippingAdjustment).mappedBy("shippingMethod"),
    taxLines: () => p.oneToMany(CartShippingTaxLine).mappedBy("shippingMethod"),
    ...metadata,
    ...timestamps,
  },
})

/** How goods are sent, and for how much. */
export class CartShippingMethod extends ShippingMethodTable.class {}
ShippingMethodTable.setClass(CartShippingMethod)

const ShippingAdjustmentTable = defineEntity({
  name: "CartShippingAdjustment",
  orderBy: { id: "asc" },
  checks: [{ name: "cart_shipping_adjustment_amount_check", expression: "amount >= 0" }],
  properties: {
    id: id("casmadj"),
    shippingMethod: () =>
      p.manyToOne(CartShippingMethod).ref().deleteRule("cascade").index("cart_shipping_adjustment_method_id_index"),
    ...adjustment,
  },
})

/** A discount on shipping. */
export class CartShippingAdjustment extends ShippingAdjustmentTable.class {}
ShippingAdjustmentTable.setClass(CartShippingAdjustment)

const ShippingTaxLineTable = defineEntity({
  name: "CartShippingTaxLine",
  orderBy: { id: "asc" },
  checks: [{ name: "cart_shipping_tax_line_rate_check", expression: "rate >= 0" }],
  properties: {
    id: id("casmtxl"),
    shippingMethod: () =>
      p.manyToOne(CartShippingMethod).ref().deleteRule("cascade").index("cart_shipping_tax_line_method_id_index"),
    ...taxLine,
  },
})

/** A tax on shipping. */
export class CartShippingTaxLine extends ShippingTaxLineTable.class {}
ShippingTaxLineTable.setClass(CartShippingTaxLine)
