import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A location was made. */
export const StockLocationCreated = defineEvent("stock-location.created", payload)
/** The fields or the address of a location changed. */
export const StockLocationUpdated = defineEvent("stock-location.updated", payload)
/** A location was deleted with its address. */
export const StockLocationDeleted = defineEvent("stock-location.deleted", payload)
