import type { CreateInvite } from "./invite/invite.schema.ts"
import type { CreateUser } from "./user/user.schema.ts"

let made = 0

/** A valid user, with an e-mail address that no other has. */
export const aUser = (overrides: Partial<CreateUser> = {}): CreateUser => ({
  email: `user-${++made}@example.com`,
  firstName: "Ada",
  lastName: "Byron",
  ...overrides,
})

/** A valid invite, for an e-mail address that no other has. */
export const anInvite = (overrides: Partial<CreateInvite> = {}): CreateInvite => ({
  email: `user-${++made}@example.com`,
  ...overrides,
})
