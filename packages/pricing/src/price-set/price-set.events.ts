import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A price set was made. */
export const PriceSetCreated = defineEvent("price-set.created", payload)
/** Base prices of a set were added, changed or removed. Prices of lists are told by the list. */
export const PriceSetUpdated = defineEvent("price-set.updated", payload)
/** A price set was deleted, with all its prices. */
export const PriceSetDeleted = defineEvent("price-set.deleted", payload)
