import { Amount } from "@marquetry/money"
import type { FakePaymentServer } from "@marquetry/payment/testing"
import { expect } from "vitest"
import type { Shop } from "./shop.ts"

/** What became of a cart, in all books. */
export interface Outcome {
  /** Ids: one at most, if all is well. */
  readonly orders: readonly string[]
  readonly completed: boolean
  /** Attempts that wait. */
  readonly attempts: number
  /** Payments that were recorded and not canceled, as amounts. */
  readonly payments: readonly string[]
  /** How often an order of it was told of. */
  readonly told: number
  /** Totals of the orders. */
  readonly totals: readonly string[]
  /** Pieces that are reserved for its lines. */
  readonly reserved: number
  /** Uses of promotions that are counted for its orders. */
  readonly uses: number
  /** What the provider outside holds for it, and has not been told to free. */
  readonly authorized: readonly string[]
}

const READ = `select
  (select coalesce(json_agg(o.id order by o.id), '[]') from "order"."order" o where o.cart_id = $1) as orders,
  (select coalesce(json_agg(trim_scale(o.total)::text order by o.id), '[]') from "order"."order" o where o.cart_id = $1) as totals,
  (select completed_at is not null from "cart"."cart" where id = $1) as completed,
  (select count(*)::int from "checkout"."checkout_attempt" where cart_id = $1) as attempts,
  (select coalesce(json_agg(trim_scale(p.amount)::text), '[]') from "payment"."payment" p
    join "link"."cart_payment_collection" l using (payment_collection_id)
    where l.cart_id = $1 and p.canceled_at is null) as payments,
  (select count(*)::int from "marquetry"."outbox" where name = 'order.placed' and payload ->> 'cartId' = $1) as told,
  (select coalesce(sum(r.quantity), 0)::int from "inventory"."reservation" r
    join "cart"."cart_line_item" i on r.line_item_id = replace(i.id, 'cali_', 'ordli_')
    where i.cart_id = $1 and r.deleted_at is null) as reserved,
  (select count(*)::int from "promotion"."promotion_usage" u
    join "link"."cart_promotion" l on l.promotion_id = u.promotion_id where l.cart_id = $1) as uses,
  (select coalesce(json_agg(s.id), '[]') from "payment"."payment_session" s
    join "link"."cart_payment_collection" l using (payment_collection_id) where l.cart_id = $1) as sessions`

/** Reads all books about a cart. */
export async function outcomeOf(shop: Shop, cartId: string, server?: FakePaymentServer): Promise<Outcome> {
  const [row] = await shop.sql<Outcome & { sessions: string[] }>(READ, [cartId])
  const { sessions, ...outcome } = row as Outcome & { sessions: string[] }
  const authorized = sessions.flatMap((id) => {
    const held = server?.sessions.get(id)?.authorized ?? Amount.zero
    return held.isPositive() ? [held.toString()] : []
  })
  return { ...outcome, authorized }
}

/** Asserts that a cart has become one order that is paid for once, with all that belongs to it. */
export function expectOrder(
  outcome: Outcome,
  { pieces = 1, uses = 0, outside = false }: { pieces?: number; uses?: number; outside?: boolean } = {},
): void {
  expect(outcome).toMatchObject({ completed: true, attempts: 0, told: 1, reserved: pieces, uses })
  expect(outcome.orders).toHaveLength(1)
  expect(outcome.payments).toEqual(outcome.totals)
  expect(outcome.authorized).toEqual(outside ? outcome.totals : [])
}

/** Asserts that nothing is left of attempts to complete a cart. */
export function expectNothing(outcome: Outcome): void {
  expect(outcome).toEqual({
    orders: [],
    totals: [],
    completed: false,
    attempts: 0,
    payments: [],
    told: 0,
    reserved: 0,
    uses: 0,
    authorized: [],
  })
}
