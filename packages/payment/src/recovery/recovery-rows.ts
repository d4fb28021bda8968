import type { Database } from "@marquetry/kernel"
import { lastDue } from "../payment/operation-rows.ts"
import { readSession, sessionJson, type SessionRow } from "../payment-session/session-rows.ts"

/* Sessions that somebody began to ask about and nobody has heard of since. Each row goes to one process. */

const CLAIM_UNDER_WAY = `with due as materialized (
    select id from "payment"."payment_session"
    where deleted_at is null and status = 'pending_authorization'
      and claimed_at <= ${lastDue("claimed_at - updated_at")}
    order by claimed_at, id limit $2 for update skip locked
  )
  update "payment"."payment_session" s set claimed_at = now() from due where s.id = due.id
  returning ${sessionJson("s")} as session`

const CLAIM_UNRELEASED = `with due as materialized (
    select id from "payment"."payment_session"
    where deleted_at is not null and released_at is null
      and greatest(claimed_at, deleted_at) <= ${lastDue("greatest(claimed_at, deleted_at) - deleted_at")}
    order by deleted_at, id limit $2 for update skip locked
  )
  update "payment"."payment_session" s set claimed_at = now() from due where s.id = due.id
  returning ${sessionJson("s")} as session`

/** Sessions whose provider was asked to authorise them, and nobody has written the answer. */
export const claimUnderWay = (db: Database, seconds: number, limit: number): Promise<SessionRow[]> =>
  claim(db, CLAIM_UNDER_WAY, seconds, limit)

/** Sessions that were dropped, and whose provider has not been told. */
export const claimUnreleased = (db: Database, seconds: number, limit: number): Promise<SessionRow[]> =>
  claim(db, CLAIM_UNRELEASED, seconds, limit)

async function claim(db: Database, text: string, seconds: number, limit: number): Promise<SessionRow[]> {
  const rows = await db.sql<{ session: string }>(text, [seconds, limit])
  return rows.map(({ session }) => readSession(session))
}
