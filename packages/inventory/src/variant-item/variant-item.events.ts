import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

/** What variants are made of changed, or how much of it: one event per call. */
export const VariantItemsUpdated = defineEvent(
  "variant-inventory-item.updated",
  z.object({ variantIds: z.array(z.string()) }),
)
