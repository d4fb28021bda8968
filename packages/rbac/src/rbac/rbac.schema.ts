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

export const CreateRbac = z.strictObject({
  ...writable,
  description: writable.description.default(null),
  metadata: writable.metadata.default(null),
})
export const CreateRbacs = z.array(CreateRbac).max(10_000)
export const UpdateRbac = z.strictObject(writable).exactPartial()

export type CreateRbac = z.input<typeof CreateRbac>
export type CreateRbacs = z.input<typeof CreateRbacs>
export type UpdateRbac = z.input<typeof UpdateRbac>
