import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A store was made. */
export const StoreCreated = defineEvent("store.created", payload)
/** Plain fields, currencies or locales of a store changed. */
export const StoreUpdated = defineEvent("store.updated", payload)
/** A store was deleted. */
export const StoreDeleted = defineEvent("store.deleted", payload)
