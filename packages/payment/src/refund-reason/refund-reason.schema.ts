import { z } from "zod"
import { metadataField } from "../payment/amount.schema.ts"

const writable = {
  label: z.string().trim().min(1).max(200),
  /** Names it for programs. */
  code: z.string().trim().min(1).max(200).nullable(),
  description: z.string().trim().max(2_000).nullable(),
  metadata: metadataField,
}

export const CreateRefundReason = z.strictObject({
  ...writable,
  code: writable.code.default(null),
  description: writable.description.default(null),
  metadata: writable.metadata.default(null),
})
export const CreateRefundReasons = z.array(CreateRefundReason).max(10_000)
export const UpdateRefundReason = z.strictObject(writable).exactPartial()

export type CreateRefundReason = z.input<typeof CreateRefundReason>
export type CreateRefundReasons = z.input<typeof CreateRefundReasons>
export type UpdateRefundReason = z.input<typeof UpdateRefundReason>
