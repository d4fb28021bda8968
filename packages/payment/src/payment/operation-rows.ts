import { NotFound, type Database } from "@marquetry/kernel"
import { Amount } from "@marquetry/money"
import type { PaymentData } from "../provider/payment-provider.ts"
import { CaptureTooHigh, NotCancelable, PaymentIsCanceled, RefundTooHigh } from "./payment.errors.ts"
import type { OperationKind } from "./payment.types.ts"

/* What captures, refunds and cancellations do to rows. An operation is written with the amount reserved on its payment,
   and goes when the provider has answered; each step is one statement. Rows are locked in one order: operation, payment,
   collection, session. */

/** An operation as the provider is asked for it. */
export interface OperationRow {
  readonly id: string
  readonly kind: OperationKind
  readonly amount: Amount
  readonly paymentId: string
  readonly providerId: string
  readonly currencyCode: string
  readonly collectionId: string
  /** Of the payment. */
  readonly data: PaymentData
}

/** What is written with a capture or refund. */
export interface OperationNotes {
  readonly note: string | null
  readonly refundReasonId: string | null
  readonly createdBy: string | null
  readonly metadata: Readonly<Record<string, unknown>> | null
}

/** What may still be asked for, and what reserves it, by kind. */
const rooms = {
  capture: {
    room: "amount - captured_amount - capturing_amount",
    reserve: "capturing_amount = p.capturing_amount + held.wanted",
    possible: "held.wanted <= p.amount - p.captured_amount - p.capturing_amount and held.wanted > 0",
  },
  refund: {
    room: "captured_amount - refunded_amount - refunding_amount",
    reserve: "refunding_amount = p.refunding_amount + held.wanted",
    possible: "held.wanted <= p.captured_amount - p.refunded_amount - p.refunding_amount and held.wanted > 0",
  },
  cancel: {
    room: "amount",
    reserve: "canceling = true",
    possible: "p.captured_amount + p.capturing_amount = 0",
  },
} as const

const reserveText = ({ room, reserve, possible }: (typeof rooms)[OperationKind], kind: OperationKind) => `
  with held as materialized (
    select id, coalesce($3::numeric, ${room}) as wanted from "payment"."payment"
    where id = $2 and deleted_at is null and canceled_at is null and not canceling for no key update
  ), taken as (
    update "payment"."payment" p set ${reserve}, updated_at = now()
    from held where p.id = held.id and ${possible} returning p.id, held.wanted
  )
  insert into "payment"."payment_operation"
    (id, payment_id, kind, amount, note, refund_reason_id, created_by, metadata, claimed_at, created_at, updated_at)
  select $1, taken.id, '${kind}', taken.wanted, $4, $5, $6, $7::jsonb, now(), now(), now() from taken`

const RESERVE: Readonly<Record<OperationKind, string>> = {
  capture: reserveText(rooms.capture, "capture"),
  refund: reserveText(rooms.refund, "refund"),
  cancel: reserveText(rooms.cancel, "cancel"),
}

const STATE = `select canceled_at is not null or canceling as is_canceled,
    trim_scale(amount - captured_amount - capturing_amount)::text as capturable, trim_scale(capturing_amount)::text as capturing,
    trim_scale(captured_amount - refunded_amount - refunding_amount)::text as refundable,
    trim_scale(refunding_amount)::text as refunding
  from "payment"."payment" where id = $1 and deleted_at is null`

/**
 * Reserves an amount on a payment and notes what it is for. The update decides: callers at once cannot reserve more than
 * there is.
 *
 * @param amount all there is when left out.
 * @throws {NotFound} {@link CaptureTooHigh} {@link RefundTooHigh} {@link NotCancelable} {@link PaymentIsCanceled}
 */
export async function reserveOperation(
  db: Database,
  operation: { id: string; kind: OperationKind; paymentId: string; amount: Amount | undefined },
  notes: OperationNotes,
): Promise<void> {
  const { id, kind, paymentId, amount } = operation
  const { note, refundReasonId, createdBy, metadata } = notes
  const values = [note, refundReasonId, createdBy, metadata === null ? null : JSON.stringify(metadata)]
  const noted = await db.run(RESERVE[kind], [id, paymentId, amount?.toString() ?? null, ...values])
  if (noted === 0) throw await refusal(db, kind, paymentId)
}

async function refusal(db: Database, kind: OperationKind, paymentId: string): Promise<Error> {
  const [state] = await db.sql<
    Record<"capturable" | "capturing" | "refundable" | "refunding", string> & { is_canceled: boolean }
  >(STATE, [paymentId])
  if (state === undefined) return new NotFound("Payment", paymentId)
  if (state.is_canceled) return new PaymentIsCanceled(paymentId)
  if (kind === "cancel") return new NotCancelable(paymentId)
  return kind === "capture"
    ? new CaptureTooHigh({ paymentId, available: state.capturable, pending: state.capturing })
    : new RefundTooHigh({ paymentId, available: state.refundable, pending: state.refunding })
}

/** A payment that is to be given up, as it is while it is held. */
export interface GivenUpPayment {
  readonly id: string
  readonly providerId: string
  readonly isCapturing: boolean
  /** How: nothing where nothing is left of it. */
  readonly kind: "cancel" | "refund" | null
}

/** Payments that are canceled, or are about to be, are given up already. */
const HOLD_GIVEN_UP = `select id, provider_id as "providerId", capturing_amount > 0 as "isCapturing",
    case when captured_amount = 0 then 'cancel' when captured_amount > refunded_amount + refunding_amount then 'refund' end as kind
  from "payment"."payment"
  where payment_collection_id = any($1::text[]) and deleted_at is null and canceled_at is null and not canceling
  order by id for no key update`

/** Holds the payments of collections, in order of id. */
export const holdGivenUp = (db: Database, collectionIds: readonly string[]): Promise<GivenUpPayment[]> =>
  db.sql<GivenUpPayment>(HOLD_GIVEN_UP, [[...collectionIds]])

const HOLD_COLLECTIONS = `select id from "payment"."payment_collection"
  where id = any($1::text[]) order by id for no key update`

const PAID_MEANWHILE = `select payment_collection_id as id from "payment"."payment"
  where payment_collection_id = any($1::text[]) and id <> all($2::text[]) and deleted_at is null and canceled_at is null
    and not canceling
  limit 1`

/**
 * Holds collections whose payments are held: whoever pays one holds it meanwhile, and nobody pays after this.
 *
 * @returns a collection that was paid since its payments were read, if there is one.
 */
export async function holdCollections(
  db: Database,
  collectionIds: readonly string[],
  paymentIds: readonly string[],
): Promise<string | undefined> {
  await db.sql(HOLD_COLLECTIONS, [[...collectionIds]])
  const [row] = await db.sql<{ id: string }>(PAID_MEANWHILE, [[...collectionIds], [...paymentIds]])
  return row?.id
}

const operationJson = `json_build_object('id', o.id, 'kind', o.kind, 'amount', trim_scale(o.amount)::text,
    'paymentId', p.id, 'providerId', p.provider_id, 'currencyCode', p.currency_code,
    'collectionId', p.payment_collection_id, 'data', p.data)::text as operation`

function readOperation(json: string): OperationRow {
  const row = JSON.parse(json) as Omit<OperationRow, "amount"> & { amount: string }
  return { ...row, amount: Amount.of(row.amount) }
}

const CLAIM = `update "payment"."payment_operation" o set claimed_at = now() from "payment"."payment" p
  where o.id = $1 and p.id = o.payment_id returning ${operationJson}`

/** The operation, if the provider has not answered it yet; nobody else asks for a while. */
export async function claimOperation(db: Database, id: string): Promise<OperationRow | undefined> {
  const [row] = await db.sql<{ operation: string }>(CLAIM, [id])
  return row && readOperation(row.operation)
}

/**
 * When a row must have been claimed last, for nobody to be thought to wait for an answer: `$1` seconds ago. Waits grow with
 * the age at which it was claimed, each being half of that, at most 1,440 times the first one. Rounded as columns are, so
 * that what was written before is not later than now.
 */
export const lastDue = (age: string): string =>
  `now()::timestamptz(3) - greatest(make_interval(secs => $1), least((${age}) / 2, make_interval(secs => $1 * 1440)))`

const CLAIM_DUE = `with due as materialized (
    select id from "payment"."payment_operation" where claimed_at <= ${lastDue("claimed_at - created_at")}
    order by claimed_at, id limit $2 for update skip locked
  )
  update "payment"."payment_operation" o set claimed_at = now() from due, "payment"."payment" p
  where o.id = due.id and p.id = o.payment_id returning ${operationJson}`

/** Operations whose outcome nobody is waiting for any more; each goes to one process. */
export async function claimDueOperations(db: Database, seconds: number, limit: number): Promise<OperationRow[]> {
  const rows = await db.sql<{ operation: string }>(CLAIM_DUE, [seconds, limit])
  return rows.map(({ operation }) => readOperation(operation))
}

const finishText = (payment: string, collection: string, made: string) => `
  with done as (
    delete from "payment"."payment_operation" where id = $1 returning *
  ), paid as (
    update "payment"."payment" p set ${payment}, data = coalesce($2::jsonb, p.data), updated_at = now()
    from done where p.id = done.payment_id returning p.*, done.amount as part
  ), counted as (
    update "payment"."payment_collection" c set ${collection}, updated_at = now()
    from paid where c.id = paid.payment_collection_id returning c.id
  ), ${made}
  select id from counted`

const FINISH: Readonly<Record<OperationKind, string>> = {
  capture: finishText(
    `capturing_amount = p.capturing_amount - done.amount, captured_amount = p.captured_amount + done.amount,
      captured_at = case when p.captured_amount + done.amount >= p.amount then now() end`,
    `captured_amount = c.captured_amount + paid.part,
      completed_at = case when c.captured_amount + paid.part >= c.amount then coalesce(c.completed_at, now()) else c.completed_at end`,
    `made as (
      insert into "payment"."capture" (id, payment_id, amount, created_by, metadata, created_at, updated_at)
      select id, payment_id, amount, created_by, metadata, now(), now() from done
    )`,
  ),
  refund: finishText(
    "refunding_amount = p.refunding_amount - done.amount, refunded_amount = p.refunded_amount + done.amount",
    "refunded_amount = c.refunded_amount + paid.part",
    `made as (
      insert into "payment"."refund" (id, payment_id, amount, note, refund_reason_id, created_by, metadata, created_at, updated_at)
      select id, payment_id, amount, note, refund_reason_id, created_by, metadata, now(), now() from done
    )`,
  ),
  cancel: finishText(
    "canceling = false, canceled_at = now()",
    `authorized_amount = c.authorized_amount - paid.amount,
      stage = case when c.authorized_amount > paid.amount then c.stage else 'canceled' end`,
    `made as (
      update "payment"."payment_session" s set status = 'canceled', updated_at = now()
      from paid, counted where s.id = paid.payment_session_id
    )`,
  ),
}

/**
 * Writes that the provider has done it. @returns whether this call did; `false` when another had.
 *
 * @param data what to keep with the payment; what is there already when `null`.
 */
export async function finishOperation(
  db: Database,
  { id, kind }: Pick<OperationRow, "id" | "kind">,
  data: PaymentData | null,
): Promise<boolean> {
  const rows = await db.sql(FINISH[kind], [id, data === null ? null : JSON.stringify(data)])
  return rows.length > 0
}

const REVERT = `with gone as (
    delete from "payment"."payment_operation" where id = $1 returning *
  )
  update "payment"."payment" p set updated_at = now(), canceling = p.canceling and gone.kind <> 'cancel',
    capturing_amount = p.capturing_amount - case gone.kind when 'capture' then gone.amount else 0 end,
    refunding_amount = p.refunding_amount - case gone.kind when 'refund' then gone.amount else 0 end
  from gone where p.id = gone.payment_id`

/** Frees what was reserved: the provider refused. @returns whether this call did. */
export async function revertOperation(db: Database, id: string): Promise<boolean> {
  return (await db.run(REVERT, [id])) > 0
}
