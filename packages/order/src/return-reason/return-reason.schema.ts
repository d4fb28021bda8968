import { z } from "zod"
import { entityId, metadata, text } from "../order/order.schema.ts"

/** Every field a caller may write. */
const writable = {
  value: z.string().trim().min(1).max(200),
  label: z.string().trim().min(1).max(200),
  description: text(2_000),
  metadata,
}

export const CreateReturnReason = z.strictObject({
  ...writable,
  description: writable.description.default(null),
  metadata: writable.metadata.default(null),
  /** The reason that it is a closer one of. */
  parentReturnReasonId: entityId.nullable().default(null),
})
export const CreateReturnReasons = z.array(CreateReturnReason).max(1_000)
export const UpdateReturnReason = z.strictObject(writable).exactPartial()

export type CreateReturnReason = z.input<typeof CreateReturnReason>
export type UpdateReturnReason = z.input<typeof UpdateReturnReason>
