import { defineResource } from "@marquetry/kernel"
import { VariantInventoryItem } from "./variant-item.entity.ts"

export const variantInventoryItemResource = defineResource("variant_inventory_item", VariantInventoryItem)
