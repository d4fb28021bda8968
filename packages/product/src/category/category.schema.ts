import { z } from "zod"
import { optionalCode, handle, id, line, metadata, newHandle, rank, text } from "../fields.ts"

/** Every field a caller may write. */
const writable = {
  name: line,
  description: text,
  handle,
  isActive: z.boolean(),
  isInternal: z.boolean(),
  /** `null`: at the root. */
  parentCategoryId: id.nullable(),
  /** Its place among its siblings, from 0; beyond the last it is the last. */
  rank,
  externalId: optionalCode,
  metadata,
}

export const CreateCategory = z.strictObject({
  ...writable,
  description: writable.description.default(""),
  /** Made from the name unless given. */
  handle: newHandle,
  isActive: writable.isActive.default(false),
  isInternal: writable.isInternal.default(false),
  parentCategoryId: writable.parentCategoryId.default(null),
  /** The last unless given. */
  rank: writable.rank.optional(),
  externalId: writable.externalId.default(null),
  metadata: writable.metadata.default(null),
})
export const UpdateCategory = z.strictObject(writable).exactPartial()

export type CreateCategory = z.input<typeof CreateCategory>
export type UpdateCategory = z.input<typeof UpdateCategory>
