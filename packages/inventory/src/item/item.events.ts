import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** An item was made. */
export const InventoryItemCreated = defineEvent("inventory-item.created", payload)
/** Plain fields of an item changed. */
export const InventoryItemUpdated = defineEvent("inventory-item.updated", payload)
/** An item was deleted with its levels; variants that were made of it alone are made of nothing. */
export const InventoryItemDeleted = defineEvent("inventory-item.deleted", payload)
