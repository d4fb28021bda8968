import { z } from "zod"
import { CreateUser, Email } from "../user/user.schema.ts"

export const CreateInvite = z.strictObject({
  email: Email,
  /** Ids of the roles that the user shall have. */
  roles: z.array(z.string().min(1).max(200)).max(100).default([]),
  metadata: z.record(z.string(), z.unknown()).nullable().default(null),
})
export const CreateInvites = z.array(CreateInvite).max(10_000)

/** What whoever accepts says of themselves. An e-mail address must be that of the invite, whose it is in any case. */
export const AcceptInvite = z.strictObject({ ...CreateUser.shape, email: Email.nullable().default(null) })

export type CreateInvite = z.input<typeof CreateInvite>
export type CreateInvites = z.input<typeof CreateInvites>
export type AcceptInvite = z.input<typeof AcceptInvite>
