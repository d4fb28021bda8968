import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A region was made. */
export const RegionCreated = defineEvent("region.created", payload)
/** Plain fields or the countries of a region changed. */
export const RegionUpdated = defineEvent("region.updated", payload)
/** A region was deleted; its countries are free for others. */
export const RegionDeleted = defineEvent("region.deleted", payload)
