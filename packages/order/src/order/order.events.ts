import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const order = z.object({ id: z.string() })
const handled = z.object({
  id: z.string(),
  items: z.array(z.object({ itemId: z.string(), quantity: z.number() })),
  /** What they are in, where whoever moved them said so. */
  fulfillmentId: z.string().optional(),
  /** Whether the customer is not to hear of it. */
  noNotification: z.boolean().optional(),
})

/** Somebody bought something. Sent once per order. */
export const OrderPlaced = defineEvent(
  "order.placed",
  z.object({
    id: z.string(),
    cartId: z.string().nullable(),
    customerId: z.string().nullable(),
    email: z.string().nullable(),
    /** A decimal, in major units. */
    total: z.string(),
    currencyCode: z.string(),
  }),
)
/** Plain fields, addresses or credits of an order changed. */
export const OrderUpdated = defineEvent("order.updated", order)
/** An order was called off, before anything of it was fulfilled. */
export const OrderCanceled = defineEvent("order.canceled", order)
/** Nothing is left to be done about an order. */
export const OrderCompleted = defineEvent("order.completed", order)
/** An order was put away. */
export const OrderArchived = defineEvent("order.archived", order)
/** Pieces of an order were taken from the shelf, to be sent. */
export const OrderFulfillmentRegistered = defineEvent("order.fulfillment_registered", handled)
/** Pieces that had been taken are back on the shelf. */
export const OrderFulfillmentCanceled = defineEvent("order.fulfillment_canceled", handled)
/** Pieces were handed to a carrier. */
export const OrderShipmentRegistered = defineEvent("order.shipment_registered", handled)
/** Pieces have reached the customer. */
export const OrderDeliveryRegistered = defineEvent("order.delivery_registered", handled)
/** Money was taken for an order, or, where the amount is negative, given back. Sent once per reference. */
export const OrderTransactionAdded = defineEvent(
  "order.transaction_added",
  z.object({
    id: z.string(),
    /** A decimal, in major units. */
    amount: z.string(),
    currencyCode: z.string(),
    reference: z.string(),
    referenceId: z.string(),
  }),
)
