import type { Database } from "@marquetry/kernel"

/** An attempt that waits for its provider. */
export interface Attempt {
  readonly cartId: string
  /** Names it to the provider. */
  readonly id: string
  /** The id that the order will have; stock and promotions are held under it. */
  readonly orderId: string
  readonly paymentSessionId: string
}

/** How long others leave an attempt to whoever is at it; by the clock of the database. Longer than a provider may take. */
const LEASE = "interval '60 seconds'"

const BEGIN = `insert into "checkout"."checkout_attempt" (cart_id, id, order_id, payment_session_id, started_at, leased_until)
  values ($1, $2, $3, $4, now(), now() + ${LEASE})`

/** Each attempt goes to one process. */
const CLAIM = `with due as (
    select cart_id from "checkout"."checkout_attempt" where leased_until <= now()
    order by leased_until limit $1::int for update skip locked
  )
  update "checkout"."checkout_attempt" a set leased_until = now() + ${LEASE}
  from due where a.cart_id = due.cart_id
  returning a.cart_id as "cartId", a.id, a.order_id as "orderId", a.payment_session_id as "paymentSessionId"`

/** Records an attempt of a cart that is held and has none. */
export async function beginAttempt(db: Database, { cartId, id, orderId, paymentSessionId }: Attempt): Promise<void> {
  await db.run(BEGIN, [cartId, id, orderId, paymentSessionId])
}

/** @returns whether it was this call that ended it: of several only one does. */
export async function endAttempt(db: Database, { cartId, id }: Attempt): Promise<boolean> {
  const ended = await db.run(`delete from "checkout"."checkout_attempt" where cart_id = $1 and id = $2`, [cartId, id])
  return ended > 0
}

/** Takes up attempts that somebody has left, `limit` at most. */
export const claimAttempts = (db: Database, limit: number): Promise<Attempt[]> => db.sql<Attempt>(CLAIM, [limit])
