import { z } from "zod"
import { email, entityId, text } from "../order/order.schema.ts"

export const RequestTransfer = z.strictObject({
  /** Who shall have the order. */
  customerId: entityId,
  /** Who asks: the customer, or somebody of the shop. */
  requestedBy: entityId.nullable().default(null),
  description: text(5_000).default(null),
  /** For the people of the shop. */
  internalNote: text(5_000).default(null),
  /** The e-mail that the order shall have from then on; left out, it keeps its own. */
  updateOrderEmail: email.nullable().default(null),
})
export type RequestTransfer = z.input<typeof RequestTransfer>

/** Who gets an order, without being asked. */
export const GiveOrder = RequestTransfer.omit({ requestedBy: true }).extend({
  /** Who decides. */
  by: entityId.nullable().default(null),
})
export type GiveOrder = z.input<typeof GiveOrder>

/** Who calls a request off. */
export const CancelTransfer = z.strictObject({
  /** Only a request for this customer. */
  customerId: entityId.nullable().default(null),
  canceledBy: entityId.nullable().default(null),
})
export type CancelTransfer = z.input<typeof CancelTransfer>

export const TransferToken = z.string().max(200)
export const DeclinedReason = text(5_000)
