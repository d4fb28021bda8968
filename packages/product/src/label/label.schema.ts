import { z } from "zod"
import { optionalCode, line, metadata } from "../fields.ts"

/** Every field of a tag or a type that a caller may write. */
const writable = {
  value: line,
  /** What another system calls it. */
  externalId: optionalCode,
  metadata,
}

export const CreateLabel = z.strictObject({
  ...writable,
  externalId: writable.externalId.default(null),
  metadata: writable.metadata.default(null),
})
export const UpdateLabel = z.strictObject(writable).exactPartial()
export const LabelValues = z.array(line).max(10_000)

export type CreateLabel = z.input<typeof CreateLabel>
export type UpdateLabel = z.input<typeof UpdateLabel>
