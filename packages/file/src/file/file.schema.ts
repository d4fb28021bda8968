import { z } from "zod"

/** Every field a caller may write. */
const writable = {
  name: z.string().trim().min(1).max(200),
  handle: z
    .string()
    .max(200)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens"),
  description: z.string().trim().max(2_000).nullable(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
}

export const CreateFile = z.strictObject({
  ...writable,
  description: writable.description.default(null),
  metadata: writable.metadata.default(null),
})
export const CreateFiles = z.array(CreateFile).max(10_000)
export const UpdateFile = z.strictObject(writable).exactPartial()

export type CreateFile = z.input<typeof CreateFile>
export type CreateFiles = z.input<typeof CreateFiles>
export type UpdateFile = z.input<typeof UpdateFile>
