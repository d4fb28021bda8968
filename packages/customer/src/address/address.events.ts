import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string(), customerId: z.string() })

/** An address was added. Another may have stopped being a default by it. */
export const AddressCreated = defineEvent("customer-address.created", payload)
/** Fields of an address changed. Another may have stopped being a default by it. */
export const AddressUpdated = defineEvent("customer-address.updated", payload)
/** An address was deleted by itself; those of a deleted customer go with `customer.deleted`. */
export const AddressDeleted = defineEvent("customer-address.deleted", payload)
