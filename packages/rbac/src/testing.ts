import type { CreateRole } from "./role/role.schema.ts"

let made = 0

/** A role that reads products, with a name that no other has. */
export const aRole = (overrides: Partial<CreateRole> = {}): CreateRole => ({
  name: `Role ${++made}`,
  permissions: ["product:read"],
  ...overrides,
})
