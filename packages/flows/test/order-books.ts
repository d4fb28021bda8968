import { expect } from "vitest"
import { sum } from "@marquetry/money"
import type { Shop } from "./shop.ts"

/** What all books say of an order. */
export interface OrderAccount {
  readonly status: string
  readonly fulfillmentStatus: string
  readonly paid: string
  readonly refunded: string
  /** Pieces of each line, as the order counts them. */
  readonly lines: readonly {
    readonly id: string
    readonly quantity: number
    readonly fulfilled: number
    readonly shipped: number
    readonly delivered: number
    /** Units that are held, and units that have left. */
    readonly reserved: number
    readonly left: number
    readonly isCounted: boolean
  }[]
  readonly fulfillments: readonly {
    readonly id: string
    readonly state: "open" | "shipped" | "delivered" | "canceled"
    readonly items: readonly { readonly lineId: string; readonly quantity: number }[]
  }[]
  readonly transactions: readonly string[]
  readonly captures: readonly string[]
  readonly refunds: readonly string[]
  /** Captures, refunds and cancellations that wait for a provider. */
  readonly operations: number
  /** Levels whose numbers are not those of the reservations. */
  readonly wrongLevels: number
}

const READ = `select o.status, o.fulfillment_status as "fulfillmentStatus",
  trim_scale(o.paid_total)::text as paid, trim_scale(o.refunded_total)::text as refunded,
  (select json_agg(json_build_object('id', d.item_id, 'quantity', d.quantity, 'fulfilled', d.fulfilled_quantity,
      'shipped', d.shipped_quantity, 'delivered', d.delivered_quantity,
      'reserved', coalesce((select sum(quantity / required_quantity) from "inventory"."reservation" r
        where r.line_item_id = d.item_id and r.deleted_at is null), 0),
      'left', coalesce((select sum(fulfilled_quantity / required_quantity) from "inventory"."reservation" r
        where r.line_item_id = d.item_id), 0),
      'isCounted', exists (select from "inventory"."reservation" r where r.line_item_id = d.item_id)) order by d.item_id)
    from "order"."order_line_detail" d where d.order_id = o.id) as lines,
  (select coalesce(json_agg(json_build_object('id', f.id,
      'state', case when f.canceled_at is not null then 'canceled' when f.delivered_at is not null then 'delivered'
        when f.shipped_at is not null then 'shipped' else 'open' end,
      'items', (select json_agg(json_build_object('lineId', i.line_item_id, 'quantity', i.quantity))
        from "fulfillment"."fulfillment_item" i where i.fulfillment_id = f.id and i.line_item_id is not null))
      order by f.id), '[]')
    from "fulfillment"."fulfillment" f join "link"."order_fulfillment" l on l.fulfillment_id = f.id
    where l.order_id = o.id) as fulfillments,
  (select coalesce(json_agg(trim_scale(t.amount)::text order by t.id), '[]')
    from "order"."order_transaction" t where t.order_id = o.id) as transactions,
  (select coalesce(json_agg(trim_scale(c.amount)::text), '[]') from payments p
    join "payment"."capture" c on c.payment_id = p.id) as captures,
  (select coalesce(json_agg(trim_scale(r.amount)::text), '[]') from payments p
    join "payment"."refund" r on r.payment_id = p.id) as refunds,
  (select count(*)::int from payments p join "payment"."payment_operation" op on op.payment_id = p.id) as operations,
  (select count(*)::int from "inventory"."inventory_level" v where v.reserved_quantity <> (
    select coalesce(sum(r.quantity), 0) from "inventory"."reservation" r
    where r.inventory_item_id = v.inventory_item_id and r.location_id = v.location_id and r.deleted_at is null))
    as "wrongLevels"
from "order"."order" o where o.id = $1`

/** Reads all books about an order. */
export async function accountOf(shop: Shop, orderId: string): Promise<OrderAccount> {
  const [row] = await shop.sql<OrderAccount>(
    `with payments as (
       select p.id from "payment"."payment" p join "link"."order_payment_collection" l using (payment_collection_id)
       where l.order_id = $1
     ) ${READ}`,
    [orderId],
  )
  return row as OrderAccount
}

/**
 * Asserts that the books of an order agree: what the order counts is what its fulfillments hold and what has left the stock,
 * what has not left is held as long as the order lives, and its money is that of its payments.
 */
function expectBalance(account: OrderAccount): void {
  const live = account.fulfillments.filter(({ state }) => state !== "canceled")
  const sumOf = (lineId: string, states: readonly string[]) =>
    live
      .filter(({ state }) => states.includes(state))
      .flatMap(({ items }) => items.filter((item) => item.lineId === lineId))
      .reduce((total, { quantity }) => total + quantity, 0)
  for (const line of account.lines) {
    expect(line).toMatchObject({
      fulfilled: sumOf(line.id, ["open", "shipped", "delivered"]),
      shipped: sumOf(line.id, ["shipped", "delivered"]),
      delivered: sumOf(line.id, ["delivered"]),
    })
    if (!line.isCounted) continue
    const isCanceled = account.status === "canceled"
    expect(line).toMatchObject({
      left: line.fulfilled,
      reserved: isCanceled ? 0 : line.quantity - line.fulfilled,
    })
  }
  expect(account.wrongLevels).toBe(0)
  expect(account.operations).toBe(0)
  expect(account).toMatchObject({ paid: sum(account.captures).toString(), refunded: sum(account.refunds).toString() })
  const moved = [...account.captures, ...account.refunds.map((amount) => `-${amount}`)]
  expect(account.transactions.toSorted()).toEqual(moved.toSorted())
}

/** Asserts that the books of an order agree, and answers them. */
export async function balanceOf(shop: Shop, orderId: string): Promise<OrderAccount> {
  const account = await accountOf(shop, orderId)
  expectBalance(account)
  return account
}
