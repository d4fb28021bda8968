import { defineEntity, id, p, softDelete, timestamps } from "@marquetry/kernel"
import { livingIndex } from "../columns.ts"
import { InventoryItem } from "../item/item.entity.ts"

const VariantInventoryItemTable = defineEntity({
  name: "VariantInventoryItem",
  indexes: [
    livingIndex(
      "variant_inventory_item",
      "variant_inventory_item_unique",
      `("variant_id", "inventory_item_id") where "deleted_at" is null`,
      true,
    ),
    livingIndex(
      "variant_inventory_item",
      "variant_inventory_item_inventory_item_id_index",
      `("inventory_item_id") where "deleted_at" is null`,
    ),
  ],
  checks: [{ name: "variant_inventory_item_required_check", expression: "required_quantity > 0" }],
  properties: {
    id: id("pvitem"),
    variantId: p.text(),
    inventory: () => p.manyToOne(InventoryItem).ref().fieldName("inventory_item_id"),
    /** Units of the item in one unit of the variant. */
    requiredQuantity: p.integer().default(1),
    ...timestamps,
    ...softDelete,
  },
})

/** One of the items that a variant is made of: most have one, a kit has several. */
export class VariantInventoryItem extends VariantInventoryItemTable.class {}
VariantInventoryItemTable.setClass(VariantInventoryItem)
