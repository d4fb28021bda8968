import { deepStrictEqual } from "node:assert"
import type { Database } from "@marquetry/kernel"

/** Fails when a level does not have reserved what its reservations hold, or a reservation has no level. */
export async function assertConsistent(db: Database): Promise<void> {
  const faults = await db.sql(
    `select inventory_item_id, location_id, level.reserved_quantity, held.quantity
     from (select * from "inventory"."inventory_level" where deleted_at is null) level
     full join (
       select inventory_item_id, location_id, sum(quantity) as quantity from "inventory"."reservation"
       where deleted_at is null group by 1, 2
     ) held using (inventory_item_id, location_id)
     where coalesce(level.reserved_quantity, -1) <> coalesce(held.quantity, 0)`,
  )
  deepStrictEqual(faults, [])
}
