import { defineResource } from "@marquetry/kernel"
import { InventoryItem, InventoryLevel } from "./item.entity.ts"

export const inventoryItemResource = defineResource("inventory_item", InventoryItem, { search: ["sku", "title"] })
export const inventoryLevelResource = defineResource("inventory_level", InventoryLevel)
