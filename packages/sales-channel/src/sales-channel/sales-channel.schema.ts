import { z } from "zod"

/** Every field a caller may write. */
const writable = {
  name: z.string().trim().min(1).max(200),
  description: z.string().trim().max(2_000).nullable(),
  isDisabled: z.boolean(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
}

export const CreateSalesChannel = z.strictObject({
  ...writable,
  description: writable.description.default(null),
  isDisabled: writable.isDisabled.default(false),
  metadata: writable.metadata.default(null),
})
export const CreateSalesChannels = z.array(CreateSalesChannel).max(10_000)
export const UpdateSalesChannel = z.strictObject(writable).exactPartial()

export type CreateSalesChannel = z.input<typeof CreateSalesChannel>
export type CreateSalesChannels = z.input<typeof CreateSalesChannels>
export type UpdateSalesChannel = z.input<typeof UpdateSalesChannel>
