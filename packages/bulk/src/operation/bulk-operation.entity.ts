import { defineEntity, id, p, timestamps } from "@marquetry/kernel"

export const bulkKinds = ["product-import", "product-export", "order-export", "inventory-export"] as const
export type BulkKind = (typeof bulkKinds)[number]

/** Permissions that reading the file of an operation takes, any of them: to ask for such a one, or to read what is in it. */
export const readableWith: Readonly<Record<BulkKind, readonly string[]>> = {
  "product-import": ["product:import", "product:read"],
  "product-export": ["product:export", "product:read"],
  "order-export": ["order:export", "order:read"],
  "inventory-export": ["inventory_item:export", "inventory_item:read"],
}

export const bulkStatuses = ["awaiting_confirmation", "queued", "running", "done", "failed"] as const

/** Why an operation failed, or why it is tried again. */
export interface BulkError {
  /** That of the error; `internal` for what nobody foresaw. */
  readonly code: string
  readonly message: string
}

const BulkOperationTable = defineEntity({
  name: "BulkOperation",
  indexes: [
    {
      name: "bulk_operation_due_index",
      expression: `create index "bulk_operation_due_index" on "bulk"."bulk_operation" ("id") where "status" in ('queued', 'running')`,
    },
  ],
  properties: {
    id: id("bulkop"),
    kind: p.enum(bulkKinds),
    status: p.enum(bulkStatuses).default("queued"),
    /** The file that is imported. */
    fileIdIn: p.text().strictNullable().default(null),
    /** The file that was made. */
    fileIdOut: p.text().strictNullable().default(null),
    /** What to do exactly: filters, format, currency. */
    input: p.json<Record<string, unknown>>(),
    /** What would come of it, and what came of it: counts, and what was refused. */
    summary: p.json<Record<string, unknown>>().strictNullable().default(null),
    error: p.json<BulkError>().strictNullable().default(null),
    /** Id of the user who asked for it. */
    requestedBy: p.text().strictNullable().default(null).index("bulk_operation_requested_by_index"),
    /** How often it was begun. */
    attempts: p.integer().default(0),
    /** The process that is at it, until the lease ends. */
    claim: p.text().strictNullable().default(null),
    /** Nobody else begins it before. */
    leasedUntil: p.datetime(3).strictNullable().default(null),
    ...timestamps,
  },
})

/** Something long that somebody asked for, and that is done in the background. */
export class BulkOperation extends BulkOperationTable.class {}
BulkOperationTable.setClass(BulkOperation)
