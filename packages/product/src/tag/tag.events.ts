import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A tag was made. */
export const TagCreated = defineEvent("product-tag.created", payload)
/** A tag changed. */
export const TagUpdated = defineEvent("product-tag.updated", payload)
/** A tag was deleted; products are without it. */
export const TagDeleted = defineEvent("product-tag.deleted", payload)
