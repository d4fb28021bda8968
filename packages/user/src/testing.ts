import type { CreateUser } from "./user/user.schema.ts"

let made = 0

/** A valid user, with a handle that no other has. */
export const anUser = (overrides: Partial<CreateUser> = {}): CreateUser => ({
  name: "First",
  handle: `first-${++made}`,
  ...overrides,
})
