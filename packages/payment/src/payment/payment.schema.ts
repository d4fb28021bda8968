import { z } from "zod"
import { idField, metadataField, positiveAmount } from "./amount.schema.ts"

const common = {
  /** Id of whoever asks. */
  createdBy: idField.nullable().default(null),
  metadata: metadataField.default(null),
}

export const CapturePayment = z.strictObject({
  /** Major units, rounded to the currency's digits; all that is left unless said. */
  amount: positiveAmount.optional(),
  ...common,
})
export const RefundPayment = z.strictObject({
  /** Major units, rounded to the currency's digits; all that was captured and not refunded unless said. */
  amount: positiveAmount.optional(),
  note: z.string().trim().max(2_000).nullable().default(null),
  refundReasonId: idField.nullable().default(null),
  ...common,
})

export type CapturePayment = z.input<typeof CapturePayment>
export type RefundPayment = z.input<typeof RefundPayment>
