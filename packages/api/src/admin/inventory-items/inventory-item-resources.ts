import { compares, equals } from "@marquetry/http"
import { AdminResource } from "../kit/admin-resource.ts"
import { dates, related } from "../kit/filters.ts"

/** What an item shows wherever it is shown. */
export const itemFields =
  "id, sku, title, description, thumbnail, origin_country, hs_code, requires_shipping, mid_code, material, unit_of_measure, weight, length, height, width, metadata, reserved_quantity, stocked_quantity, created_at, updated_at, *location_levels"

export const inventoryItems = new AdminResource({
  resource: "inventory_item",
  singular: "inventory_item",
  plural: "inventory_items",
  defaults: itemFields,
  list: {
    limit: 20,
    filters: {
      id: equals(),
      sku: equals(),
      title: equals(),
      origin_country: equals(),
      mid_code: equals(),
      hs_code: equals(),
      material: equals(),
      requires_shipping: equals(),
      weight: compares(),
      length: compares(),
      height: compares(),
      width: compares(),
      location_levels: related(),
      ...dates,
    },
    logic: true,
  },
})

/** How much of an item is at a location. Who may count what is there need not be who may say what an item is. */
export const inventoryLevels = new AdminResource({
  resource: "inventory_level",
  singular: "inventory_level",
  plural: "inventory_levels",
  object: "inventory-level",
  defaults:
    "id, inventory_item_id, location_id, stocked_quantity, reserved_quantity, incoming_quantity, available_quantity, metadata, created_at, updated_at",
  list: {
    limit: 50,
    filters: {
      id: equals(),
      inventory_item_id: equals(),
      location_id: equals(),
      stocked_quantity: compares(),
      reserved_quantity: compares(),
      incoming_quantity: compares(),
      available_quantity: compares(),
      ...dates,
    },
    logic: true,
  },
})
