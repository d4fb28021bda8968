import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A region was made, perhaps with a default rate. */
export const TaxRegionCreated = defineEvent("tax-region.created", payload)
/** Plain fields or the provider of a region changed. */
export const TaxRegionUpdated = defineEvent("tax-region.updated", payload)
/** A region was deleted with its rates; the regions of its provinces say so themselves. */
export const TaxRegionDeleted = defineEvent("tax-region.deleted", payload)
