import type { Database } from "@marquetry/kernel"

/** Where a category is. */
export interface Path {
  readonly id: string
  readonly parent: string | null
  readonly mpath: string
}

/**
 * Lets one change the shape of the tree at a time, until the transaction ends. Locks on parents would not do: two moves
 * below different parents can close a circle that neither of them sees.
 */
export async function lockTree(db: Database): Promise<void> {
  await db.run(`select pg_advisory_xact_lock(hashtextextended('marquetry.product_category.tree', 0))`)
}

/** Where these categories are, as far as they are there. */
export async function readPaths(db: Database, ids: readonly string[]): Promise<Map<string, Path>> {
  if (ids.length === 0) return new Map()
  const rows = await db.sql<Path>(
    `select id, parent_category_id as parent, mpath from "product"."product_category"
     where id = any($1::text[]) and deleted_at is null`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}
