import { NotFound, type Database } from "@marquetry/kernel"
import type { OrderStatus } from "./order.entity.ts"
import { OrderFulfilled, WrongOrderStatus } from "./order.errors.ts"

/** From which status orders come to which. */
interface Transition {
  readonly to: OrderStatus
  readonly from: readonly OrderStatus[]
  /** Only orders of which nothing is fulfilled. */
  readonly untouched?: boolean
}

export const transitions = {
  cancel: { to: "canceled", from: ["pending", "requires_action", "draft", "completed"], untouched: true },
  complete: { to: "completed", from: ["pending", "requires_action"] },
  archive: { to: "archived", from: ["completed", "canceled", "draft"] },
} as const satisfies Record<string, Transition>

/** What may be done to an order goes by this, in SQL: one that was called off stays so when it is archived, and so does a draft. */
export const standing = `case when canceled_at is not null then 'canceled' when is_draft_order then 'draft' else status end`

/** From where it may come to another status: a draft is one, whatever else it is, until it is called off or put away. */
const current = `case when is_draft_order and status not in ('canceled', 'archived') then 'draft' else status end`

interface Held {
  id: string
  status: OrderStatus
  fulfilled_quantity: number
}

/**
 * Brings orders to another status, in one statement, and answers what they were; the caller's transaction ends what this
 * refuses. Orders are held in order of id: what they are is decided when they are held.
 *
 * @throws {NotFound} {@link WrongOrderStatus} {@link OrderFulfilled}
 */
export async function moveOrders(db: Database, ids: readonly string[], transition: Transition): Promise<void> {
  const { to, from, untouched = false } = transition
  const held = await db.sql<Held>(
    `with held as materialized (
       select id, ${current} as status, fulfilled_quantity from "order"."order"
       where id = any($1::text[]) and deleted_at is null order by id for no key update
     ), moved as (
       update "order"."order" o set status = $2, updated_at = now(),
         canceled_at = case when $2 = 'canceled' then now() else o.canceled_at end
       from held where o.id = held.id and held.status = any($3::text[]) and (held.fulfilled_quantity = 0 or not $4::boolean)
     )
     select id, status, fulfilled_quantity from held order by id`,
    [[...ids], to, [...from], untouched],
  )
  const found = new Set(held.map(({ id }) => id))
  const missing = ids.find((id) => !found.has(id))
  if (missing !== undefined) throw new NotFound("Order", missing)
  const wrong = held.filter(({ status }) => !from.includes(status))
  if (wrong.length > 0) {
    throw new WrongOrderStatus(
      wrong.map(({ id, status }) => ({ id, status })),
      to,
    )
  }
  const touched = untouched ? held.filter((order) => order.fulfilled_quantity > 0) : []
  if (touched.length > 0) throw new OrderFulfilled(touched.map(({ id }) => id))
}
