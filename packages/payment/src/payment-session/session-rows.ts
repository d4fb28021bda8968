import { NotFound, type Database } from "@marquetry/kernel"
import { Amount } from "@marquetry/money"
import { AuthorizationUnderWay, SessionClosed } from "../payment/payment.errors.ts"
import type { SessionStatus } from "../payment/payment.types.ts"
import type { PaymentData } from "../provider/payment-provider.ts"
import type { PaymentProviders } from "../provider/providers.ts"

/** A session as a provider is asked about it. */
export interface SessionRow {
  readonly id: string
  readonly collectionId: string
  readonly providerId: string
  readonly currencyCode: string
  readonly amount: Amount
  readonly data: PaymentData
  readonly context: Readonly<Record<string, unknown>>
  readonly status: SessionStatus
  readonly idempotencyKey: string | null
}

/** As one text, which a host's own parsers cannot change. */
export const sessionJson = (alias: string): string =>
  `json_build_object('id', ${alias}.id, 'collectionId', ${alias}.payment_collection_id, 'providerId', ${alias}.provider_id,
    'currencyCode', ${alias}.currency_code, 'amount', ${alias}.amount::text, 'data', ${alias}.data,
    'context', ${alias}.context, 'status', ${alias}.status, 'idempotencyKey', ${alias}.idempotency_key)::text`

export function readSession(json: string): SessionRow {
  const row = JSON.parse(json) as Omit<SessionRow, "amount"> & { amount: string }
  return { ...row, amount: Amount.of(row.amount) }
}

const READ = `select ${sessionJson("s")} as session from "payment"."payment_session" s where s.id = $1 and s.deleted_at is null`

/** @throws {NotFound} when there is none, or it was dropped. */
export async function getSession(db: Database, id: string): Promise<SessionRow> {
  const [row] = await db.sql<{ session: string }>(READ, [id])
  if (row === undefined) throw new NotFound("Payment session", id)
  return readSession(row.session)
}

/**
 * Drops the open session of a collection that is locked. Providers are told later, but for those that have nothing to be
 * told.
 *
 * @throws {AuthorizationUnderWay}
 */
export async function dropOpenSessions(db: Database, collectionId: string, localIds: readonly string[]): Promise<void> {
  const dropped = await db.sql<{ id: string; status: SessionStatus }>(
    `update "payment"."payment_session" set deleted_at = now(), updated_at = now(),
       released_at = case when provider_id = any($2::text[]) then now() end
     where payment_collection_id = $1 and deleted_at is null
       and status in ('pending', 'requires_more', 'pending_authorization', 'error') returning id, status`,
    [collectionId, localIds],
  )
  const underWay = dropped.find(({ status }) => status === "pending_authorization")
  if (underWay !== undefined) throw new AuthorizationUnderWay(underWay.id)
}

const DROP = `with held as materialized (
    select c.id from "payment"."payment_collection" c join "payment"."payment_session" s on s.payment_collection_id = c.id
    where s.id = $1 for no key update of c
  ), dropped as (
    update "payment"."payment_session" s set deleted_at = now(), updated_at = now(),
      released_at = case when s.provider_id = any($2::text[]) then now() end
    from held where s.id = $1 and s.payment_collection_id = held.id and s.deleted_at is null
      and (s.status in ('pending', 'requires_more', 'error') or $3::boolean and s.status = 'pending_authorization')
    returning s.*
  ), collection as (
    update "payment"."payment_collection" c set updated_at = now(),
      stage = case c.stage when 'paying' then c.stage else 'none' end
    from dropped where c.id = dropped.payment_collection_id
  )
  select ${sessionJson("dropped")} as session from dropped`

/**
 * Drops one session that is open. Its provider has not been told then: see {@link releaseSession}.
 *
 * @param evenUnderWay whether it may be dropped while its provider is asked to authorise it.
 * @throws {NotFound} {@link AuthorizationUnderWay} {@link SessionClosed}
 */
export async function dropSession(
  db: Database,
  id: string,
  localIds: readonly string[],
  evenUnderWay: boolean,
): Promise<SessionRow> {
  const [row] = await db.sql<{ session: string }>(DROP, [id, localIds, evenUnderWay])
  if (row !== undefined) return readSession(row.session)
  const { status } = await getSession(db, id)
  throw status === "pending_authorization" ? new AuthorizationUnderWay(id) : new SessionClosed(id, status)
}

/**
 * Tells the provider that a dropped session will not be used, and remembers that it knows.
 *
 * @throws {UnknownProvider} what the provider throws: then it has to be told again.
 */
export async function releaseSession(db: Database, providers: PaymentProviders, session: SessionRow): Promise<void> {
  const { id, data, providerId } = session
  await providers.call(db, providerId, (provider, signal) =>
    provider.delete({ sessionId: id, data, idempotencyKey: `${id}_release`, signal }),
  )
  await db.run(`update "payment"."payment_session" set released_at = now() where id = $1`, [id])
}
