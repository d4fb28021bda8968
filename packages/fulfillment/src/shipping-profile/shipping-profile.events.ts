import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

export const ShippingProfileCreated = defineEvent("shipping-profile.created", payload)
/** Plain fields of a profile changed. */
export const ShippingProfileUpdated = defineEvent("shipping-profile.updated", payload)
export const ShippingProfileDeleted = defineEvent("shipping-profile.deleted", payload)
