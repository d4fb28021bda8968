import { defineEntity, id, p } from "@marquetry/kernel"
import type { Changes } from "./changes.ts"

const AuditEntryTable = defineEntity({
  name: "AuditEntry",
  // Few, for each is paid by every write of everybody. Ids rise with time, so they serve for order; entries of an action
  // or a kind of actor are many, and found by walking one of these.
  indexes: [
    {
      name: "audit_entry_created_at_index",
      expression: `create index "audit_entry_created_at_index" on "audit"."audit_entry" ("created_at" desc, "id")`,
    },
    { name: "audit_entry_resource_index", properties: ["resourceType", "resourceId", "id"] },
    { name: "audit_entry_actor_index", properties: ["actorId", "id"] },
    { name: "audit_entry_request_id_index", properties: ["requestId"] },
  ],
  properties: {
    id: id("audit"),
    /** Who did it: `user`, `api_key`, or whatever else acts in a shop. */
    actorType: p.text(),
    actorId: p.text(),
    /** `created`, `updated`, `deleted`, or what else was done: `captured`. */
    action: p.text(),
    /** What it was done to, by the name that reads know it by: `product`. */
    resourceType: p.text(),
    resourceId: p.text(),
    changes: p.json<Changes>(),
    /** The request that did it, as logs know it. */
    requestId: p.text().strictNullable().default(null),
    createdAt: p.datetime(3).onCreate(() => new Date()),
  },
})

/** That somebody did something to something, and what became different by it. Written once, never changed. */
export class AuditEntry extends AuditEntryTable.class {}
AuditEntryTable.setClass(AuditEntry)
