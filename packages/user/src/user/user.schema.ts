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

export const CreateUser = z.strictObject({
  ...writable,
  description: writable.description.default(null),
  metadata: writable.metadata.default(null),
})
export const CreateUsers = z.array(CreateUser).max(10_000)
export const UpdateUser = z.strictObject(writable).exactPartial()

export type CreateUser = z.input<typeof CreateUser>
export type CreateUsers = z.input<typeof CreateUsers>
export type UpdateUser = z.input<typeof UpdateUser>
