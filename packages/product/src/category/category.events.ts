import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A category was made. */
export const CategoryCreated = defineEvent("product-category.created", payload)
/** A category changed. */
export const CategoryUpdated = defineEvent("product-category.updated", payload)
/** A category was deleted; products are without it. */
export const CategoryDeleted = defineEvent("product-category.deleted", payload)
