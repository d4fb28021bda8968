import { defineEntity, p } from "@mikro-orm/core"

export const outboxStatuses = ["pending", "done", "dead"] as const

export interface Failure {
  readonly attempts: number
  readonly error: string
  readonly at: string
}

const OutboxEventTable = defineEntity({
  name: "OutboxEvent",
  tableName: "outbox",
  properties: {
    id: p.text().primary(),
    /** Order of emission; ids alone would do in one process only. */
    sequence: p.bigint("string").autoincrement().unique("outbox_sequence_unique"),
    name: p.text(),
    aggregateId: p.text(),
    payload: p.json<unknown>(),
    emittedAt: p.datetime(3).defaultRaw("now()"),
    status: p.enum(outboxStatuses).default("pending"),
    /** Subscribers that have had it, while others have not. */
    delivered: p.array().default([]),
    failures: p.json<Record<string, Failure>>().defaultRaw(`'{}'::jsonb`),
    /** Not before then: a process is at it, or it failed and waits for its next attempt. */
    dueAt: p.datetime(3).defaultRaw("now()"),
  },
  indexes: [
    { name: "outbox_pending_index", properties: ["aggregateId", "sequence"], where: { status: "pending" } },
    { name: "outbox_queue_index", properties: ["sequence"], where: { status: "pending" } },
    { name: "outbox_name_index", properties: ["name", "sequence"], where: { status: "pending" } },
    { name: "outbox_retention_index", properties: ["status", "emittedAt"] },
  ],
})

/** An event that was emitted in a transaction, from its commit until it is forgotten. */
export class OutboxEvent extends OutboxEventTable.class {}
OutboxEventTable.setClass(OutboxEvent)
