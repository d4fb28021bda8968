import type { ResourceReads } from "@marquetry/http"
import type { AnyFilter } from "@marquetry/kernel"
import type { Visitor } from "../shopper.guard.ts"
import { hiddenFromShoppers, openCategories, shownOfPurchases } from "../visibility.ts"

/** Rows that no account owns, and those of the customer who is logged in. */
export const ownedBy = ({ customerId }: Pick<Visitor, "customerId">): AnyFilter => ({
  $or: [{ customerId: null }, { customer: { hasAccount: false } }, ...(customerId === null ? [] : [{ customerId }])],
})

/** What a cart must not lead to: it is shown to whoever knows its id, and says nothing of who else it is. */
const hidden = new Set([...hiddenFromShoppers, "order", "customer_address", "checkout_attempt"])

const totals = [
  "total, subtotal, tax_total, discount_total, discount_subtotal, discount_tax_total, original_total, original_tax_total",
  "item_total, item_subtotal, item_tax_total, item_discount_total",
  "original_item_total, original_item_subtotal, original_item_tax_total",
  "shipping_total, shipping_subtotal, shipping_tax_total, shipping_discount_total",
  "original_shipping_tax_total, original_shipping_subtotal, original_shipping_total",
  "credit_line_subtotal, credit_line_tax_total, credit_line_total",
]

const fieldsOf = (relation: string, names: string) =>
  names
    .split(", ")
    .map((name) => `${relation}.${name}`)
    .join(", ")

const address =
  "id, first_name, last_name, company, address_1, address_2, city, postal_code, country_code, province, phone"
const taxLine = "id, description, code, rate, provider_id, data, metadata"

const defaults = [
  "id, currency_code, email, locale, region_id, created_at, updated_at, completed_at",
  ...totals,
  "metadata, sales_channel_id, shipping_address_id, billing_address_id",
  "*region.countries, *payment_collection, *payment_collection.payment_sessions, *credit_lines",
  fieldsOf("promotions", "id, code, is_automatic, is_tax_inclusive"),
  fieldsOf("promotions.application_method", "value, type, currency_code"),
  fieldsOf(
    "items",
    "id, thumbnail, variant_id, product_id, is_giftcard, product_type_id, product_title, product_description, product_subtitle, product_type, product_collection, product_handle, variant_sku, variant_barcode, variant_title, requires_shipping, metadata, created_at, updated_at, title, quantity, unit_price, compare_at_unit_price, is_tax_inclusive",
  ),
  fieldsOf("items.product", "id, collection_id, type_id"),
  "items.product.categories.id, items.product.tags.id",
  "items.variant.id",
  fieldsOf("items.tax_lines", taxLine),
  fieldsOf("items.adjustments", "id, code, promotion_id, amount, is_tax_inclusive"),
  "customer.id, customer.email, customer.groups.id",
  fieldsOf("shipping_methods.tax_lines", taxLine),
  fieldsOf("shipping_methods", "amount, is_tax_inclusive, shipping_option_id"),
  fieldsOf("shipping_methods.adjustments", "id, code, amount"),
  fieldsOf("shipping_address", address),
  fieldsOf("billing_address", address),
  fieldsOf("region", "id, name, currency_code, automatic_taxes"),
].join(", ")

/** How carts are answered: after changes as they are, and by themselves to those whose they are. */
export const cartAnswer: Omit<ResourceReads<Visitor>, "list" | "plural"> = {
  resource: "cart",
  singular: "cart",
  defaults,
  hidden,
  only: shownOfPurchases,
  prepare: () => ({ scope: openCategories }),
}
