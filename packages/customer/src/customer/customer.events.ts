import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A customer was made, with an account or as a guest. */
export const CustomerCreated = defineEvent("customer.created", payload)
/** Plain fields of a customer changed. */
export const CustomerUpdated = defineEvent("customer.updated", payload)
/** A customer was deleted, with all addresses. */
export const CustomerDeleted = defineEvent("customer.deleted", payload)
