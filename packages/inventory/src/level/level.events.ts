import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ ids: z.array(z.string()), inventoryItemIds: z.array(z.string()) })

/** What is stocked or incoming was set or adjusted: one event per call. Reservations tell of themselves. */
export const InventoryLevelsUpdated = defineEvent("inventory-level.updated", payload)
/** Levels were deleted: one event per call. */
export const InventoryLevelsDeleted = defineEvent("inventory-level.deleted", payload)
