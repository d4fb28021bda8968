import type { ResourceReads } from "@marquetry/http"
import type { Visitor } from "../shopper.guard.ts"
import { hiddenFromShoppers, openCategories, shownOfPurchases } from "../visibility.ts"

/** What an order must not lead to: it is shown to whoever knows its id. */
const hidden = new Set([...hiddenFromShoppers, "cart", "order_change"])

const defaults = [
  "id, status, summary, currency_code, display_id, custom_display_id, region_id, email",
  "total, subtotal, tax_total, discount_total, discount_subtotal, discount_tax_total",
  "original_total, original_subtotal, original_tax_total, item_total, item_subtotal, item_tax_total",
  "original_item_total, original_item_subtotal, original_item_tax_total",
  "shipping_total, shipping_subtotal, shipping_tax_total",
  "original_shipping_tax_total, original_shipping_subtotal, original_shipping_total",
  "credit_line_total, credit_line_subtotal, credit_line_tax_total, created_at, updated_at",
  "*credit_lines, *items, *items.tax_lines, *items.adjustments, *items.detail, *items.variant, *items.variant.product",
  "*shipping_address, *billing_address, *shipping_methods, *shipping_methods.tax_lines, *shipping_methods.adjustments",
  "*payment_collections",
].join(", ")

export const orderAnswer: Omit<ResourceReads<Visitor>, "list" | "plural"> = {
  resource: "order",
  singular: "order",
  defaults,
  hidden,
  only: shownOfPurchases,
  prepare: () => ({ scope: openCategories }),
}

/** The default fields of lists of orders. */
export const orderListDefaults =
  "id, status, summary, display_id, custom_display_id, total, currency_code, metadata, created_at, updated_at"
