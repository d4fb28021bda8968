import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A product option was made. */
export const OptionCreated = defineEvent("product-option.created", payload)
/** A product option changed. */
export const OptionUpdated = defineEvent("product-option.updated", payload)
/** A product option was deleted; products are without it. */
export const OptionDeleted = defineEvent("product-option.deleted", payload)
