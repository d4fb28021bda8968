import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string(), attribute: z.string(), value: z.string() })

/** A price preference was made or changed. */
export const PricePreferenceUpdated = defineEvent("price-preference.updated", payload)
/** A price preference was deleted: prices that followed it are without tax again. */
export const PricePreferenceDeleted = defineEvent("price-preference.deleted", payload)
