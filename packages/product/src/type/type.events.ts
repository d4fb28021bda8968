import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A type was made. */
export const TypeCreated = defineEvent("product-type.created", payload)
/** A type changed. */
export const TypeUpdated = defineEvent("product-type.updated", payload)
/** A type was deleted; products are without it. */
export const TypeDeleted = defineEvent("product-type.deleted", payload)
