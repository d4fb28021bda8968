import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A product was made, with whatever belongs to it. */
export const ProductCreated = defineEvent("product.created", payload)
/** Fields or lists of a product changed. */
export const ProductUpdated = defineEvent("product.updated", payload)
/** A product was deleted, and its variants with it. It can be restored. */
export const ProductDeleted = defineEvent("product.deleted", payload)
/** A deleted product is back. */
export const ProductRestored = defineEvent("product.restored", payload)
/** A product became visible to shoppers. */
export const ProductPublished = defineEvent("product.published", payload)
