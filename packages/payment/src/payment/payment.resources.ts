import { defineResource } from "@marquetry/kernel"
import { Capture, Payment, PaymentCollection, PaymentSession, Refund, RefundReason } from "./payment.entity.ts"

export const paymentCollectionResource = defineResource("payment_collection", PaymentCollection, {
  private: ["stage"],
})
export const paymentSessionResource = defineResource("payment_session", PaymentSession, {
  private: ["idempotencyKey", "claimedAt", "releasedAt"],
})
export const paymentResource = defineResource("payment", Payment, {
  private: ["capturingAmount", "refundingAmount", "canceling"],
  search: ["id", "providerId"],
})
export const captureResource = defineResource("capture", Capture)
export const refundResource = defineResource("refund", Refund)
export const refundReasonResource = defineResource("refund_reason", RefundReason, {
  search: ["label", "code", "description"],
})
