import type { CreateAudit } from "./audit/audit.schema.ts"

let made = 0

/** A valid audit, with a handle that no other has. */
export const anAudit = (overrides: Partial<CreateAudit> = {}): CreateAudit => ({
  name: "First",
  handle: `first-${++made}`,
  ...overrides,
})
