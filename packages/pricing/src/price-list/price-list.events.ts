import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A price list was made. */
export const PriceListCreated = defineEvent("price-list.created", payload)
/** Fields, rules or prices of a list changed. That it starts or ends as its dates say is no change. */
export const PriceListUpdated = defineEvent("price-list.updated", payload)
/** A price list was deleted, with all its prices. */
export const PriceListDeleted = defineEvent("price-list.deleted", payload)
