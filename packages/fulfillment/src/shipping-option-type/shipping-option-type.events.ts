import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

export const ShippingOptionTypeCreated = defineEvent("shipping-option-type.created", payload)
/** Plain fields of a type changed. */
export const ShippingOptionTypeUpdated = defineEvent("shipping-option-type.updated", payload)
export const ShippingOptionTypeDeleted = defineEvent("shipping-option-type.deleted", payload)
