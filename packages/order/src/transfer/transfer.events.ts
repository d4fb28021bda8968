import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const transfer = z.object({ id: z.string(), orderChangeId: z.string() })

/** A customer wants an order that is another's, or nobody's. The token is not told: see `OrderTransferService.request`. */
export const OrderTransferRequested = defineEvent(
  "order.transfer_requested",
  transfer.extend({
    customerId: z.string(),
    /** Of the order: whoever reads it decides. */
    email: z.string().nullable(),
  }),
)
/** An order is another customer's now. */
export const OrderTransferred = defineEvent(
  "order.transferred",
  transfer.extend({ customerId: z.string(), previousCustomerId: z.string().nullable() }),
)
/** Whoever has the order's e-mail does not give it away. */
export const OrderTransferDeclined = defineEvent("order.transfer_declined", transfer)
/** The request was called off. */
export const OrderTransferCanceled = defineEvent("order.transfer_canceled", transfer)
