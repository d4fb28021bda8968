import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A set was made, perhaps with zones. */
export const FulfillmentSetCreated = defineEvent("fulfillment-set.created", payload)
/** Plain fields of a set changed. */
export const FulfillmentSetUpdated = defineEvent("fulfillment-set.updated", payload)
/** A set was deleted; its zones and their shipping options say so themselves. */
export const FulfillmentSetDeleted = defineEvent("fulfillment-set.deleted", payload)
/** A zone was added to a set that there was. */
export const ServiceZoneCreated = defineEvent("service-zone.created", payload)
/** Plain fields or the geo zones of a zone changed. */
export const ServiceZoneUpdated = defineEvent("service-zone.updated", payload)
/** A zone was deleted, by itself or with its set. */
export const ServiceZoneDeleted = defineEvent("service-zone.deleted", payload)
