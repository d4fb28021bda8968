import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const AuditTable = defineEntity({
  name: "Audit",
  indexes: [
    searchIndex("audit", "audit", ["name", "description"]),
    {
      name: "audit_handle_unique",
      expression: `create unique index "audit_handle_unique" on "audit"."audit" ("handle") where "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("audit"),
    name: p.text(),
    /** Names it in URLs; unique among what is not deleted. */
    handle: p.text(),
    description: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** What an audit is: say it here, in the words of whoever works with it. */
export class Audit extends AuditTable.class {}
AuditTable.setClass(Audit)
