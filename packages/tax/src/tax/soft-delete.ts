import type { Database } from "@marquetry/kernel"

/**
 * Marks the rows that belong to others as deleted, locked in order of id. Begin with the owners and work downwards, in a
 * statement each: whoever adds a row holds its owner, so that after it is let go the next statement sees what was added.
 *
 * @returns the ids of those that were not deleted before.
 */
export async function softDeleteOf(
  db: Database,
  [table, column]:
    | readonly ["tax_region", "parent_id"]
    | readonly ["tax_rate", "tax_region_id" | "id"]
    | readonly ["tax_rate_rule", "tax_rate_id"],
  owners: readonly string[],
  now: string,
): Promise<string[]> {
  const rows = await db.sql<{ id: string }>(
    `with doomed as materialized (
       select id from "tax"."${table}" where ${column} = any($1::text[]) and deleted_at is null order by id for update
     )
     update "tax"."${table}" target set deleted_at = $2::timestamptz, updated_at = $2::timestamptz
     from doomed where target.id = doomed.id returning target.id`,
    [owners, now],
  )
  return rows.map(({ id }) => id)
}
