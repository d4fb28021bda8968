import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

export const ShippingOptionCreated = defineEvent("shipping-option.created", payload)
/** Plain fields, the type or the rules of an option changed. */
export const ShippingOptionUpdated = defineEvent("shipping-option.updated", payload)
/** An option was deleted with its rules, by itself or with its zone: nobody needs its prices any more. */
export const ShippingOptionDeleted = defineEvent("shipping-option.deleted", payload)
