import { z } from "zod"

/** Every field a caller may write. */
const writable = {
  name: z.string().trim().min(1).max(200),
  metadata: z.record(z.string(), z.unknown()).nullable(),
}

export const CreateCustomerGroup = z.strictObject({
  ...writable,
  /** Id of the user who makes it. */
  createdBy: z.string().max(200).nullable().default(null),
  metadata: writable.metadata.default(null),
})
export const CreateCustomerGroups = z.array(CreateCustomerGroup).max(10_000)
export const UpdateCustomerGroup = z.strictObject(writable).exactPartial()
/** Ids of customers or of groups. */
export const MemberIds = z.array(z.string().max(200)).max(10_000)

export type CreateCustomerGroup = z.input<typeof CreateCustomerGroup>
export type CreateCustomerGroups = z.input<typeof CreateCustomerGroups>
export type UpdateCustomerGroup = z.input<typeof UpdateCustomerGroup>
