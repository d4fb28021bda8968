import { equals, nested } from "@marquetry/http"
import { AdminResource } from "../kit/admin-resource.ts"
import { dates } from "../kit/filters.ts"

/** Merchants see what is left of a variant at all locations. */
export const everywhere = { prepare: () => ({ context: { locationIds: null } }) }

export const products = new AdminResource({
  resource: "product",
  singular: "product",
  plural: "products",
  defaults: [
    "id, title, subtitle, status, external_id, description, handle, is_giftcard, discountable, thumbnail, collection_id",
    "type_id, weight, length, height, width, hs_code, origin_country, mid_code, material, created_at, updated_at",
    "deleted_at, metadata, *type, *collection, *options, *options.values, *tags, *images, *variants, *variants.prices",
    "*variants.options, *variants.images, *sales_channels",
  ].join(", "),
  snapshot: [
    "categories.id, shipping_profile.id, option_uses.option_id, option_uses.value_ids",
    "variants.inventory_items.id, variants.inventory_items.inventory_item_id, variants.inventory_items.required_quantity",
  ].join(", "),
  ...everywhere,
  list: {
    limit: 50,
    filters: {
      id: equals(),
      title: equals(),
      handle: equals(),
      status: equals(),
      is_giftcard: equals(),
      external_id: equals(),
      collection_id: equals(),
      type_id: equals(),
      category_id: equals("categories.id"),
      tag_id: equals("tags.id"),
      sales_channel_id: equals("sales_channels.id"),
      option_id: equals("options.id"),
      option_value_id: equals("variants.options.id"),
      price_list_id: equals("variants.price_set.prices.price_list_id"),
      variants: nested(),
      ...dates,
    },
    logic: true,
  },
})

export const variants = new AdminResource({
  resource: "product_variant",
  singular: "variant",
  plural: "variants",
  object: "variant",
  permission: "product",
  defaults: [
    "id, title, sku, thumbnail, barcode, ean, upc, allow_backorder, manage_inventory, hs_code, origin_country, mid_code",
    "material, weight, length, height, width, metadata, variant_rank, product_id, created_at, updated_at, deleted_at",
    "*prices, *options",
  ].join(", "),
  snapshot: "images.id, inventory_items.id, inventory_items.inventory_item_id, inventory_items.required_quantity",
  ...everywhere,
  list: {
    limit: 50,
    filters: {
      id: equals(),
      product_id: equals(),
      sku: equals(),
      ean: equals(),
      upc: equals(),
      barcode: equals(),
      manage_inventory: equals(),
      allow_backorder: equals(),
      ...dates,
    },
    logic: true,
  },
})

/** The options of a product. */
export const productOptions = new AdminResource({
  resource: "product_option",
  singular: "product_option",
  plural: "product_options",
  defaults: "id, title, is_exclusive, metadata, created_at, updated_at, deleted_at, *values",
  list: {
    limit: 50,
    filters: { id: equals(), title: equals(), product_id: equals("products.id"), ...dates },
    logic: true,
  },
})

/** Of which items a variant is made. */
export const variantItems = new AdminResource({
  resource: "variant_inventory_item",
  singular: "variant_inventory_item",
  plural: "variant_inventory_items",
  object: "variant-inventory-item-link",
  permission: "product",
  defaults: "id, variant_id, inventory_item_id, required_quantity, created_at, updated_at",
  list: { limit: 50, filters: {} },
})
