import { newId, NotFound, type Database } from "@marquetry/kernel"
import { SessionClosed } from "../payment/payment.errors.ts"
import type { CollectionStatus, SessionStatus } from "../payment/payment.types.ts"
import type { AttemptOutcome, PaymentData } from "../provider/payment-provider.ts"

/** What came of an attempt to pay, once it is written. */
export interface RecordedAuthorization {
  readonly sessionId: string
  readonly status: SessionStatus
  readonly collection: { readonly id: string; readonly status: CollectionStatus }
  /** `null` while nothing was authorised. */
  readonly payment: RecordedPayment | null
  /** Whether this call wrote the payment; `false` when another did before. */
  readonly isNew: boolean
}

export interface RecordedPayment {
  readonly id: string
  readonly providerId: string
  readonly currencyCode: string
  /** Major units. */
  readonly amount: string
  readonly capturedAmount: string
  /** Of the capture that this call wrote, where the provider took the money at once. */
  readonly captureId: string | null
}

/** With `null` the session's data stay as they are. */
export type Outcome = Pick<AttemptOutcome, "status"> & { readonly data: PaymentData | null }

const statusOf: Readonly<Record<AttemptOutcome["status"], SessionStatus>> = {
  authorized: "authorized",
  captured: "captured",
  requires_more: "requires_more",
  pending: "pending_authorization",
  error: "error",
  none: "pending",
}

const paymentJson = (
  alias: string,
  captureId: string,
) => `json_build_object('id', ${alias}.id, 'providerId', ${alias}.provider_id,
    'currencyCode', ${alias}.currency_code, 'amount', trim_scale(${alias}.amount)::text,
    'capturedAmount', trim_scale(${alias}.captured_amount)::text, 'captureId', ${captureId})`

/**
 * The collection is locked before the session, as by everybody else. `$4` says whether it was paid, `$7` whether it was
 * captured too.
 */
const RECORD = `
  with held as materialized (
    select c.id from "payment"."payment_collection" c join "payment"."payment_session" s on s.payment_collection_id = c.id
    where s.id = $1 for no key update of c
  ), session as (
    update "payment"."payment_session" s set status = $2, data = coalesce($3::jsonb, s.data),
      authorized_at = case when $4::boolean then now() end, updated_at = now()
    from held where s.id = $1 and s.payment_collection_id = held.id and s.deleted_at is null
      and s.status in ('pending', 'requires_more', 'pending_authorization', 'error')
    returning s.*
  ), payment as (
    insert into "payment"."payment" (id, payment_collection_id, payment_session_id, provider_id, currency_code, amount,
      captured_amount, data, captured_at, created_at, updated_at)
    select $5, s.payment_collection_id, s.id, s.provider_id, s.currency_code, s.amount,
      case when $7::boolean then s.amount else 0 end, s.data,
      case when $7::boolean or s.amount = 0 then now() end, now(), now()
    from session s where $4::boolean returning *
  ), capture as (
    insert into "payment"."capture" (id, payment_id, amount, created_at, updated_at)
    select $6, id, amount, now(), now() from payment where $7::boolean
  ), collection as (
    update "payment"."payment_collection" c set
      authorized_amount = c.authorized_amount + coalesce(p.amount, 0),
      captured_amount = c.captured_amount + coalesce(p.captured_amount, 0),
      stage = case when $4::boolean or c.stage = 'paying' then 'paying' when $2 = 'error' then 'failed' else 'awaiting' end,
      completed_at = case when $4::boolean and c.captured_amount + p.captured_amount >= c.amount then now()
        else c.completed_at end,
      updated_at = now()
    from session s left join payment p on true where c.id = s.payment_collection_id returning c.id, c.status
  )
  select json_build_object('sessionId', s.id, 'status', s.status, 'collection', json_build_object('id', c.id, 'status', c.status),
    'payment', (select ${paymentJson("p", "case when $7::boolean then $6 end")} from payment p), 'isNew', $4::boolean)::text as recorded
  from session s cross join collection c`

/** What is written already. */
const RECORDED = `
  select json_build_object('sessionId', s.id, 'status', s.status,
    'collection', json_build_object('id', c.id, 'status', c.status),
    'payment', case when p.id is null then null else ${paymentJson("p", "null")} end, 'isNew', false)::text as recorded
  from "payment"."payment_session" s
  join "payment"."payment_collection" c on c.id = s.payment_collection_id
  left join "payment"."payment" p on p.payment_session_id = s.id
  where s.id = $1 and s.deleted_at is null`

/**
 * Writes what came of an attempt, in the transaction under way if there is one: one statement, and a second one when it is
 * written already. A session that was authorised stays so, whatever is said later.
 *
 * @throws {NotFound} when there is no such session, or it was dropped.
 * @throws {SessionClosed} when it was canceled.
 */
export async function recordAuthorization(
  db: Database,
  sessionId: string,
  outcome: Outcome,
): Promise<RecordedAuthorization> {
  const isCaptured = outcome.status === "captured"
  const isPaid = isCaptured || outcome.status === "authorized"
  const written = await db.sql<{ recorded: string }>(RECORD, [
    sessionId,
    statusOf[outcome.status],
    outcome.data === null ? null : JSON.stringify(outcome.data),
    isPaid,
    newId("pay"),
    newId("capt"),
    isCaptured,
  ])
  const [row] = written.length > 0 ? written : await db.sql<{ recorded: string }>(RECORDED, [sessionId])
  if (row === undefined) throw new NotFound("Payment session", sessionId)
  const recorded = JSON.parse(row.recorded) as RecordedAuthorization
  if (recorded.status === "canceled") throw new SessionClosed(sessionId, recorded.status)
  return recorded
}
