import { z } from "zod"
import { optionalCode, handle, line, metadata, newHandle } from "../fields.ts"

/** Every field a caller may write. */
const writable = { title: line, handle, externalId: optionalCode, metadata }

export const CreateCollection = z.strictObject({
  ...writable,
  /** Made from the title unless given. */
  handle: newHandle,
  externalId: writable.externalId.default(null),
  metadata: writable.metadata.default(null),
})
export const UpdateCollection = z.strictObject(writable).exactPartial()

export type CreateCollection = z.input<typeof CreateCollection>
export type UpdateCollection = z.input<typeof UpdateCollection>
