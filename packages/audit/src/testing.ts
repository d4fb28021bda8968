import type { NewAuditEntry } from "./entry/audit-entry.schema.ts"

/** A user's change of the title of a product. */
export const anAuditEntry = (overrides: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  actorType: "user",
  actorId: "user_1",
  action: "updated",
  resourceType: "product",
  resourceId: "prod_1",
  changes: { title: { from: "Shirt", to: "Blue shirt" } },
  ...overrides,
})
