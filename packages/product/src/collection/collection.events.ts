import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A collection was made. */
export const CollectionCreated = defineEvent("product-collection.created", payload)
/** A collection changed. */
export const CollectionUpdated = defineEvent("product-collection.updated", payload)
/** A collection was deleted; products are without it. */
export const CollectionDeleted = defineEvent("product-collection.deleted", payload)
