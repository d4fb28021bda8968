import { z } from "zod"

/** Kept lower case, so that one mailbox is one user. */
export const Email = z.string().trim().toLowerCase().max(254).regex(z.regexes.unicodeEmail, "an e-mail address")

const name = z.string().trim().max(200).nullable()

/** Every field that a caller may write at any time. */
const writable = {
  firstName: name,
  lastName: name,
  avatarUrl: z.string().max(2_000).nullable(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
}

export const CreateUser = z.strictObject({
  /** Never changes: who logs in is found by it. */
  email: Email,
  firstName: name.default(null),
  lastName: name.default(null),
  avatarUrl: writable.avatarUrl.default(null),
  metadata: writable.metadata.default(null),
})
export const CreateUsers = z.array(CreateUser).max(10_000)
export const UpdateUser = z.strictObject(writable).exactPartial()

export type CreateUser = z.input<typeof CreateUser>
export type CreateUsers = z.input<typeof CreateUsers>
export type UpdateUser = z.input<typeof UpdateUser>
