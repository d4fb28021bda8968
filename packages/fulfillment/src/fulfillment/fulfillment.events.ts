import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** Goods were packed, or are to be. */
export const FulfillmentCreated = defineEvent("fulfillment.created", payload)
/** The provider that asks outside has taken it; its data and labels are there. */
export const FulfillmentHandedOver = defineEvent("fulfillment.handed_over", payload)
/** Goods left. Sent once per fulfillment. */
export const FulfillmentShipped = defineEvent("fulfillment.shipped", payload)
/** Goods arrived. Sent once per fulfillment. */
export const FulfillmentDelivered = defineEvent("fulfillment.delivered", payload)
/** Goods stay. Sent once per fulfillment. */
export const FulfillmentCanceled = defineEvent("fulfillment.canceled", payload)
