import { NotFound, type Database } from "@marquetry/kernel"
import type { OrderStatus } from "./order.entity.ts"
import { QuantityNotAvailable, WrongOrderStatus } from "./order.errors.ts"
import { standing } from "./order-status.ts"

/**
 * Moves pieces of lines, all that are asked for or none, in one statement. It holds the order and then the lines in order of
 * id: whoever waits sees the quantities that are left when its turn comes.
 *
 * @param column which quantity of the lines and of the order changes.
 * @param free how many pieces of a line may be moved.
 */
const movement = (column: string, sign: "+" | "-", free: string) => `
  with owner as materialized (
    select id, ${standing} as status from "order"."order" where id = $1 and deleted_at is null for no key update
  ), given as materialized (
    select item_id, sum(quantity)::int as quantity
    from json_to_recordset($2::json) as given (item_id text, quantity int) group by item_id
  ), held as materialized (
    select d.id, d.item_id, ${free} as free from "order"."order_line_detail" d
    where d.order_id = (select id from owner where status not in ('canceled', 'draft'))
      and d.item_id in (select item_id from given)
    order by d.id for no key update
  ), short as materialized (
    select given.item_id, given.quantity, coalesce(held.free, 0) as free
    from given left join held using (item_id) where coalesce(held.free, 0) < given.quantity
  ), moved as (
    update "order"."order_line_detail" d set ${column} = d.${column} ${sign} given.quantity, updated_at = now()
    from held join given using (item_id)
    where d.id = held.id and not exists (select from short)
    returning given.quantity
  ), counted as (
    update "order"."order" o set ${column} = o.${column} ${sign} (select sum(quantity) from moved), updated_at = now()
    from owner where o.id = owner.id and exists (select from moved)
  )
  select (select status from owner) as status, (
    select json_agg(json_build_object('itemId', item_id, 'requested', quantity, 'available', free) order by item_id)
    from short
  ) as short`

/** What may happen to pieces. */
export const movements = {
  fulfill: movement("fulfilled_quantity", "+", "d.quantity - d.fulfilled_quantity"),
  unfulfill: movement("fulfilled_quantity", "-", "d.fulfilled_quantity - d.shipped_quantity"),
  ship: movement("shipped_quantity", "+", "d.fulfilled_quantity - d.shipped_quantity"),
  deliver: movement("delivered_quantity", "+", "d.shipped_quantity - d.delivered_quantity"),
} as const

interface Outcome {
  status: OrderStatus | null
  short: { itemId: string; requested: number; available: number }[] | null
}

/** @throws {NotFound} {@link WrongOrderStatus} {@link QuantityNotAvailable} */
export async function move(
  db: Database,
  text: string,
  orderId: string,
  items: readonly { itemId: string; quantity: number }[],
): Promise<void> {
  const given = items.map(({ itemId, quantity }) => ({ item_id: itemId, quantity }))
  const [outcome] = await db.sql<Outcome>(text, [orderId, JSON.stringify(given)])
  const { status, short } = outcome as Outcome
  if (status === null) throw new NotFound("Order", orderId)
  if (status === "canceled" || status === "draft") throw new WrongOrderStatus([{ id: orderId, status }], "fulfilled")
  if (short !== null) throw new QuantityNotAvailable(short)
}
