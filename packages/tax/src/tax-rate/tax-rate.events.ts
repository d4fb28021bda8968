import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A rate was made; not for the default rate that a region is made with. */
export const TaxRateCreated = defineEvent("tax-rate.created", payload)
/** Plain fields or the rules of a rate changed. */
export const TaxRateUpdated = defineEvent("tax-rate.updated", payload)
/** A rate was deleted with its rules; not when its region was. */
export const TaxRateDeleted = defineEvent("tax-rate.deleted", payload)
