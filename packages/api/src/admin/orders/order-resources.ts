import { compares, equals } from "@marquetry/http"
import { z } from "zod"
import { AdminResource } from "../kit/admin-resource.ts"
import { dates } from "../kit/filters.ts"

const version = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, "the number of a version")
  .transform(Number)
  .meta({ type: "integer", minimum: 1 })

const shared = { resource: "order", singular: "order", plural: "orders" }

/** An order with all that belongs to it. With `version`, as long as that is its version. */
export const orders = new AdminResource({
  ...shared,
  defaults: [
    "id, display_id, custom_display_id, status, version, summary, total, metadata, locale, created_at, updated_at",
    "region_id, customer_id, sales_channel_id, email, currency_code, canceled_at, payment_status, fulfillment_status",
    "subtotal, tax_total, discount_total, discount_tax_total, original_total, original_subtotal, original_tax_total",
    "item_total, item_subtotal, item_tax_total, original_item_total, original_item_subtotal, original_item_tax_total",
    "shipping_total, shipping_subtotal, shipping_tax_total",
    "original_shipping_tax_total, original_shipping_subtotal, original_shipping_total",
    "credit_line_total, credit_line_subtotal, credit_line_tax_total, *credit_lines",
    "*items, *items.tax_lines, *items.adjustments, *items.variant, *items.variant.product, *items.detail",
    "*shipping_address, *billing_address",
    "*shipping_methods, *shipping_methods.tax_lines, *shipping_methods.adjustments, *fulfillments",
    "*payment_collections, *payment_collections.payments",
    "*payment_collections.payments.refunds, *payment_collections.payments.captures",
  ].join(", "),
  snapshot: "*fulfillments.items, *fulfillments.labels, changes.id, changes.change_type, changes.status",
  list: { limit: 15, filters: {} },
  extra: { version: version.optional() },
  prepare: ({ query }) => (query["version"] === undefined ? {} : { scope: { order: { version: query["version"] } } }),
})

/** Orders as they are listed: what is still a draft has a list of its own. */
export const listedOrders = new AdminResource({
  ...shared,
  defaults:
    "id, display_id, custom_display_id, status, version, summary, total, currency_code, metadata, locale, created_at, updated_at, payment_status, fulfillment_status",
  list: {
    limit: 15,
    filters: {
      id: compares(),
      status: compares(),
      sales_channel_id: equals(),
      region_id: equals(),
      customer_id: equals(),
      total: compares(),
      ...dates,
    },
    logic: true,
  },
  prepare: () => ({ scope: { order: { isDraftOrder: false } } }),
})

/** Lines of an order: how many pieces, and what became of them. */
export const orderItems = new AdminResource({
  resource: "order_line_detail",
  singular: "order_item",
  plural: "order_items",
  permission: "order",
  defaults: [
    "id, version, metadata, order_id, item_id, created_at, updated_at, unit_price, compare_at_unit_price, quantity",
    "fulfilled_quantity, delivered_quantity, shipped_quantity, return_requested_quantity",
    "return_received_quantity, return_dismissed_quantity, written_off_quantity",
    "*item, *item.tax_lines, *item.adjustments, *item.variant, *item.variant.product",
  ].join(", "),
  // An order has fewer lines than that.
  list: {
    limit: 1_000,
    filters: { order_id: equals(), id: equals(), item_id: equals(), version: equals() },
    logic: true,
  },
})

/** Ways of sending an order. */
export const orderShippingOptions = new AdminResource({
  resource: "shipping_option",
  singular: "shipping_option",
  plural: "shipping_options",
  defaults: [
    "id, name, price_type, service_zone_id, shipping_profile_id, provider_id, data",
    "amount, is_tax_inclusive, insufficient_inventory, calculated_price, prices",
    "*type, *provider, *rules, service_zone.id, service_zone.fulfillment_set_id",
    "*service_zone.fulfillment_set, service_zone.fulfillment_set.location.id",
    "*service_zone.fulfillment_set.location.address",
  ].join(", "),
  list: { limit: 100, filters: {} },
})
