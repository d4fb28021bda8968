import type { CreateRbac } from "./rbac/rbac.schema.ts"

let made = 0

/** A valid rbac, with a handle that no other has. */
export const aRbac = (overrides: Partial<CreateRbac> = {}): CreateRbac => ({
  name: "First",
  handle: `first-${++made}`,
  ...overrides,
})
