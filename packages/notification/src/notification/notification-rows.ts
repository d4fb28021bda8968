import type { Database } from "@marquetry/kernel"
import type { z } from "zod"
import type { NotificationContent, OutgoingNotification } from "../provider/notification-provider.ts"
import type { CreateNotification } from "./notification.schema.ts"

/** A notification as it is written. */
export interface NewNotification extends Omit<z.output<typeof CreateNotification>, "content"> {
  readonly id: string
  readonly content: NotificationContent | null
  readonly providerId: string
}

/** A notification as it is sent. */
export interface DueNotification extends Omit<OutgoingNotification, "signal"> {
  readonly providerId: string
  /** How often it was tried before. */
  readonly attempts: number
}

export interface Attempt {
  readonly id: string
  readonly status: "success" | "failure"
  readonly externalId: string | null
  readonly error: string | null
  /** When it is tried again, in seconds; `null` for never. */
  readonly retryIn: number | null
}

const INSERT = `insert into "notification"."notification"
    (id, "to", "from", channel, template, data, content, trigger_type, resource_id, resource_type, receiver_id,
     original_notification_id, idempotency_key, provider_id, status, attempts, next_attempt_at, created_at, updated_at)
  select id, "to", "from", channel, template, data, content, "triggerType", "resourceId", "resourceType", "receiverId",
    "originalNotificationId", "idempotencyKey", "providerId", 'pending', 0, now() + make_interval(secs => $2), now(), now()
  from json_to_recordset($1::json) as row (id text, "to" text, "from" text, channel text, template text, data jsonb,
    content jsonb, "triggerType" text, "resourceId" text, "resourceType" text, "receiverId" text,
    "originalNotificationId" text, "idempotencyKey" text, "providerId" text)
  on conflict (idempotency_key) do nothing returning id`

/**
 * Writes notifications; those whose key there is already are left out.
 *
 * @param seconds for which nobody else sends them.
 * @returns the ids of those that were written.
 */
export async function insertNotifications(
  db: Database,
  rows: readonly NewNotification[],
  seconds: number,
): Promise<Set<string>> {
  const inserted = await db.sql<{ id: string }>(INSERT, [JSON.stringify(rows), seconds])
  return new Set(inserted.map(({ id }) => id))
}

const dueJson = `json_build_object('id', n.id, 'to', n."to", 'from', n."from", 'channel', n.channel, 'template', n.template,
    'data', n.data, 'content', n.content, 'providerId', n.provider_id, 'attempts', n.attempts)::text as due`

const CLAIM_DUE = `with due as materialized (
    select id from "notification"."notification" where next_attempt_at <= now()::timestamptz(3)
    order by next_attempt_at, id limit $2 for update skip locked
  )
  update "notification"."notification" n set next_attempt_at = now() + make_interval(secs => $1)
  from due where n.id = due.id returning ${dueJson}`

/** Notifications that are to be tried now; each goes to one process, for so many seconds. */
export async function claimDue(db: Database, seconds: number, limit: number): Promise<DueNotification[]> {
  const rows = await db.sql<{ due: string }>(CLAIM_DUE, [seconds, limit])
  return rows.map(({ due }) => JSON.parse(due) as DueNotification)
}

const RECORD = `update "notification"."notification" n
  set status = row.status, external_id = coalesce(row."externalId", n.external_id), last_error = row.error,
    attempts = n.attempts + 1, next_attempt_at = now() + make_interval(secs => row."retryIn"), updated_at = now()
  from json_to_recordset($1::json) as row (id text, status text, "externalId" text, error text, "retryIn" double precision)
  where n.id = row.id and n.status <> 'success'`

/** Writes what came of attempts, in one statement. What was sent stays so. */
export async function recordAttempts(db: Database, attempts: readonly Attempt[]): Promise<void> {
  if (attempts.length > 0) await db.run(RECORD, [JSON.stringify(attempts)])
}
