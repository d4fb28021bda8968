import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })
const members = z.object({ id: z.string(), customerIds: z.array(z.string()) })

/** A group was made, without customers. */
export const CustomerGroupCreated = defineEvent("customer-group.created", payload)
/** Plain fields of a group changed. */
export const CustomerGroupUpdated = defineEvent("customer-group.updated", payload)
/** A group was deleted; nobody is in it any more. */
export const CustomerGroupDeleted = defineEvent("customer-group.deleted", payload)
/** Customers who were not in a group came into it. */
export const CustomersAddedToGroup = defineEvent("customer-group.customers-added", members)
/** Customers who were in a group left it. */
export const CustomersRemovedFromGroup = defineEvent("customer-group.customers-removed", members)
