import { hold, type Database } from "@marquetry/kernel"
import { inventoryItemResource } from "./item.resources.ts"

/**
 * Holds items until the transaction ends: against being deleted, and against others who change what belongs to them.
 * Locks are always taken in this order: items, then reservations, then levels; each in order of id.
 *
 * @throws {NotFound} when one of them does not exist.
 */
export async function lockItems(db: Database, ids: readonly string[]): Promise<void> {
  await hold(db, inventoryItemResource, ids, "no key update")
}

/** Like {@link lockItems}, for those that exist. @returns their ids. */
export async function lockItemsThere(db: Database, ids: readonly string[]): Promise<string[]> {
  const rows = await db.sql<{ id: string }>(
    `select id from "inventory"."inventory_item" where id = any($1::text[]) and deleted_at is null
     order by id for no key update`,
    [ids],
  )
  return rows.map((row) => row.id)
}
