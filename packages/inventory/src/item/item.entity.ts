import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import { livingIndex, measure, units } from "../columns.ts"

const text = () => p.text().strictNullable().default(null)

const InventoryItemTable = defineEntity({
  name: "InventoryItem",
  indexes: [
    searchIndex("inventory", "inventory_item", ["sku", "title"]),
    livingIndex("inventory_item", "inventory_item_sku_unique", `("sku") where "deleted_at" is null`, true),
  ],
  properties: {
    id: id("iitem"),
    /** Unique among what is not deleted. */
    sku: text(),
    title: text(),
    description: text(),
    thumbnail: text(),
    requiresShipping: p.boolean().default(true),
    originCountry: text(),
    hsCode: text(),
    midCode: text(),
    material: text(),
    unitOfMeasure: text(),
    weight: measure(),
    length: measure(),
    height: measure(),
    width: measure(),
    locationLevels: () => p.oneToMany(InventoryLevel).mappedBy("inventoryItem"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Something that is counted: what lies on a shelf, whichever variants are made of it. */
export class InventoryItem extends InventoryItemTable.class {}
InventoryItemTable.setClass(InventoryItem)

const InventoryLevelTable = defineEntity({
  name: "InventoryLevel",
  indexes: [
    livingIndex(
      "inventory_level",
      "inventory_level_item_location_unique",
      `("inventory_item_id", "location_id") where "deleted_at" is null`,
      true,
    ),
    livingIndex("inventory_level", "inventory_level_location_id_index", `("location_id") where "deleted_at" is null`),
  ],
  checks: [
    {
      name: "inventory_level_stocked_check",
      expression: "stocked_quantity >= 0 and stocked_quantity <= 1000000000000",
    },
    {
      name: "inventory_level_incoming_check",
      expression: "incoming_quantity >= 0 and incoming_quantity <= 1000000000000",
    },
    {
      name: "inventory_level_reserved_check",
      expression: "reserved_quantity >= 0 and reserved_quantity <= 1000000000000",
    },
    {
      name: "inventory_level_backordered_check",
      expression: "backordered_quantity = greatest(reserved_quantity - stocked_quantity, 0)",
    },
  ],
  properties: {
    id: id("ilev"),
    inventoryItem: () => p.manyToOne(InventoryItem).ref(),
    locationId: p.text(),
    /** Units that are there. */
    stockedQuantity: units().default(0),
    /** Units that are promised; those of backorders too, so that it may be more than is stocked. */
    reservedQuantity: units().default(0),
    /**
     * Units that are promised beyond what is stocked: the excess of reserved over stocked, or 0. It rises by reservations
     * that allow backorders only, and without it no row can have more reserved than stocked.
     */
    backorderedQuantity: units().default(0),
    /** Units on their way here. Told to people, promised to nobody. */
    incomingQuantity: units().default(0),
    /** Stocked less reserved: negative while backorders wait. */
    availableQuantity: units().generated("(stocked_quantity - reserved_quantity) stored"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** How much of an item is at one location. */
export class InventoryLevel extends InventoryLevelTable.class {}
InventoryLevelTable.setClass(InventoryLevel)
