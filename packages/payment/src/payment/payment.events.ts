import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"
import { operationKinds } from "./payment.types.ts"

const part = z.object({
  id: z.string(),
  paymentCollectionId: z.string(),
  /** Major units, as a text. */
  amount: z.string(),
  currencyCode: z.string(),
})

/**
 * A payment was authorised by a webhook, by recovery or by `authorizeAndRecord`. A flow that records an authorisation as a
 * part of its own work tells what came of it itself.
 */
export const PaymentAuthorized = defineEvent(
  "payment.authorized",
  part.extend({ paymentSessionId: z.string(), providerId: z.string() }),
)
/** Some of a payment, or all, was captured. `id` is the payment's, `amount` that of this capture. */
export const PaymentCaptured = defineEvent("payment.captured", part.extend({ captureId: z.string() }))
/** Some of a payment, or all, was given back. `id` is the payment's, `amount` that of this refund. */
export const PaymentRefunded = defineEvent("payment.refunded", part.extend({ refundId: z.string() }))
/** An authorised payment was given up; nothing of it was captured. */
export const PaymentCanceled = defineEvent("payment.canceled", part)
/** The provider refused to capture, refund or cancel; what was reserved for it is free again. */
export const PaymentOperationRefused = defineEvent(
  "payment.operation_refused",
  part.extend({ operationId: z.string(), kind: z.enum(operationKinds), message: z.string() }),
)
