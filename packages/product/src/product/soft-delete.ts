import type { Database } from "@marquetry/kernel"

/** Rows that belong to a product alone, and go and come back with it. */
const parts = [
  ["product_variant", "product_id = any($1::text[])"],
  ["product_image", "product_id = any($1::text[])"],
  ["product_option", "id in (select option_id from own)"],
  ["product_option_value", "option_id in (select option_id from own)"],
] as const

const own = `own as (
  select option_id from "product"."product_option_use" where product_id = any($1::text[]) and exclusive
)`

/**
 * Deletes products with all that is theirs, under one instant that says later what belongs together.
 *
 * @returns ids of the variants that were deleted.
 */
export async function softlyDelete(db: Database, ids: readonly string[]): Promise<string[]> {
  const deleted = parts.map(
    ([table, condition]) =>
      `${table} as (update "product"."${table}" set deleted_at = $2 where ${condition} and deleted_at is null returning id)`,
  )
  const rows = await db.sql<{ id: string }>(
    `with ${own}, ${deleted.join(", ")},
       product as (update "product"."product" set deleted_at = $2 where id = any($1::text[]))
     select id from product_variant order by id`,
    [ids, new Date().toISOString()],
  )
  return rows.map(({ id }) => id)
}

/** Undoes {@link softlyDelete}. @returns whether there was such a product. */
export async function undelete(db: Database, id: string): Promise<boolean> {
  const restored = parts.map(
    ([table, condition]) =>
      `${table} as (update "product"."${table}" t set deleted_at = null from gone
         where t.${condition} and t.deleted_at = gone.deleted_at)`,
  )
  const changed = await db.run(
    `with gone as (
       select id, deleted_at from "product"."product" where id = any($1::text[]) and deleted_at is not null for update
     ), ${own}, ${restored.join(", ")}
     update "product"."product" p set deleted_at = null from gone where p.id = gone.id`,
    [[id]],
  )
  return changed > 0
}

/** The handle that a deleted product would take back. */
export async function handlesOf(db: Database, id: string): Promise<string[]> {
  const rows = await db.sql<{ handle: string }>(`select handle from "product"."product" where id = $1`, [id])
  return rows.map(({ handle }) => handle)
}
