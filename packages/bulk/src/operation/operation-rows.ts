import type { Database } from "@marquetry/kernel"
import type { BulkError, BulkKind } from "./bulk-operation.entity.ts"

/** An operation as whoever took it knows it. */
export interface ClaimedOperation {
  readonly id: string
  readonly kind: BulkKind
  readonly fileIdIn: string | null
  readonly input: Readonly<Record<string, unknown>>
  readonly requestedBy: string | null
  /** This one included. */
  readonly attempts: number
}

const TABLE = `"bulk"."bulk_operation"`

const CLAIM = `with due as (
    select id from ${TABLE}
    where status in ('queued', 'running') and (leased_until is null or leased_until <= now())
    order by id limit 1 for update skip locked
  )
  update ${TABLE} o set status = 'running', claim = $1::text, attempts = o.attempts + 1,
    leased_until = now() + $2::int * interval '1 millisecond', updated_at = now()
  from due where o.id = due.id
  returning json_build_object('id', o.id, 'kind', o.kind, 'fileIdIn', o.file_id_in, 'input', o.input,
    'requestedBy', o.requested_by, 'attempts', o.attempts)::text as operation`

/** Takes the oldest operation that is due: it goes to one process, for so many milliseconds. */
export async function claimOperation(
  db: Database,
  claim: string,
  lease: number,
): Promise<ClaimedOperation | undefined> {
  const [row] = await db.sql<{ operation: string }>(CLAIM, [claim, lease])
  return row === undefined ? undefined : (JSON.parse(row.operation) as ClaimedOperation)
}

/** @returns whether the operation is still that claim's. */
export async function renewClaim(db: Database, id: string, claim: string, lease: number): Promise<boolean> {
  const renewed = await db.run(
    `update ${TABLE} set leased_until = now() + $3::int * interval '1 millisecond' where id = $1 and claim = $2::text`,
    [id, claim, lease],
  )
  return renewed > 0
}

/** What became of an operation. */
export interface Ended {
  readonly status: "done" | "failed"
  readonly summary: Readonly<Record<string, unknown>>
  readonly fileIdOut: string | null
  readonly error: BulkError | null
}

const END = `update ${TABLE} set status = $3::text, summary = coalesce(summary, '{}'::jsonb) || $4::jsonb, file_id_out = $5::text,
    error = $6::jsonb, claim = null, leased_until = null, updated_at = now()
  where id = $1 and claim = $2::text`

/** @returns `false` when the operation is another's by now: then nothing was written. */
export async function endOperation(db: Database, id: string, claim: string, ended: Ended): Promise<boolean> {
  const { status, summary, fileIdOut, error } = ended
  const values = [id, claim, status, JSON.stringify(summary), fileIdOut, error && JSON.stringify(error)]
  return (await db.run(END, values)) > 0
}

// Without a wait it is due at once: this moment, rounded to a millisecond, may be one that is yet to come.
const PUT_BACK = `update ${TABLE} set status = 'queued', claim = null, attempts = $5::int, error = $4::jsonb,
    leased_until = now() + nullif($3::int, 0) * interval '1 millisecond', updated_at = now()
  where id = $1 and claim = $2::text`

/** Leaves an operation to whoever takes it next, not before so many milliseconds have gone by. */
export async function putBack(
  db: Database,
  { id, attempts }: Pick<ClaimedOperation, "id" | "attempts">,
  claim: string,
  wait: number,
  error: BulkError | null,
): Promise<void> {
  await db.run(PUT_BACK, [id, claim, wait, error && JSON.stringify(error), attempts])
}

/** @returns whether it waited for that. */
export async function confirmOperation(db: Database, id: string): Promise<boolean> {
  const confirmed = await db.run(
    `update ${TABLE} set status = 'queued', updated_at = now() where id = $1 and status = 'awaiting_confirmation'`,
    [id],
  )
  return confirmed > 0
}
