import { newId, NotFound, type Database } from "@marquetry/kernel"
import type { z } from "zod"
import { TransactionCurrencyMismatch } from "../order/order.errors.ts"
import type { NewOrderTransaction } from "../order/order.schema.ts"

type Transaction = z.output<typeof NewOrderTransaction>

interface Outcome {
  orders: { id: string; currency: string }[] | null
  added: string[] | null
}

const statement = `
  with given as materialized (
    select * from json_to_recordset($1::json) as given (
      id text, order_id text, amount numeric, currency_code text, reference text, reference_id text
    )
  ), held as materialized (
    select id, currency_code from "order"."order"
    where id in (select order_id from given) and deleted_at is null order by id for no key update
  ), added as (
    insert into "order"."order_transaction"
      (id, order_id, amount, currency_code, reference, reference_id, created_at, updated_at)
    select g.id, g.order_id, g.amount, g.currency_code, g.reference, g.reference_id, now(), now()
    from given g join held on held.id = g.order_id and held.currency_code = g.currency_code
    on conflict (order_id, reference, reference_id) do nothing
    returning id, order_id, amount
  ), moved as (
    select order_id, sum(greatest(amount, 0)) as paid, sum(greatest(-amount, 0)) as refunded from added group by 1
  ), counted as (
    update "order"."order" o
    set paid_total = o.paid_total + moved.paid, refunded_total = o.refunded_total + moved.refunded, updated_at = now()
    from moved where o.id = moved.order_id
  )
  select (select json_agg(json_build_object('id', id, 'currency', currency_code)) from held) as orders,
    (select json_agg(id) from added) as added`

/**
 * Writes transactions and counts them in their orders, in one statement; those known by their reference count no more.
 *
 * @returns those that were new.
 * @throws {NotFound} {@link TransactionCurrencyMismatch}
 */
export async function addTransactions(db: Database, given: readonly Transaction[]): Promise<Transaction[]> {
  const rows = given.map((one) => ({ id: newId("ordtrx"), one }))
  const written = rows.map(({ id, one }) => ({
    id,
    order_id: one.orderId,
    amount: one.amount,
    currency_code: one.currencyCode,
    reference: one.reference,
    reference_id: one.referenceId,
  }))
  const [outcome] = await db.sql<Outcome>(statement, [JSON.stringify(written)])
  const { orders, added } = outcome as Outcome
  const currencies = new Map((orders ?? []).map(({ id, currency }) => [id, currency]))
  for (const { orderId, currencyCode } of given) {
    const currency = currencies.get(orderId)
    if (currency === undefined) throw new NotFound("Order", orderId)
    if (currency !== currencyCode) throw new TransactionCurrencyMismatch(orderId, currencyCode)
  }
  const fresh = new Set(added ?? [])
  return rows.filter(({ id }) => fresh.has(id)).map(({ one }) => one)
}
