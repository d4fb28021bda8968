import type { Database } from "./database.ts"
import { columnsOf, metadataOf, tableOf } from "./insert-rows.ts"
import type { EntityClass } from "./orm.ts"

/** One statement; a text per entity and property, whatever the number of values. */
export async function softDeleteRows(
  db: Database,
  entity: EntityClass,
  property: string,
  values: readonly string[],
): Promise<string[]> {
  if (values.length === 0) return []
  const meta = metadataOf(db, entity)
  const columns = new Map(columnsOf(meta).map(({ property: { name, fieldNames } }) => [name as string, fieldNames[0]]))
  const columnOf = (name: string) => {
    const column = columns.get(name)
    if (column === undefined) throw new TypeError(`${meta.className} has no column for "${name}"`)
    return `"${column}"`
  }
  const [key, table] = [columnOf(meta.primaryKeys[0] as string), tableOf(meta)]
  const deleted = columnOf("deletedAt")
  const stamped = columns.has("updatedAt") ? [deleted, columnOf("updatedAt")] : [deleted]
  const rows = await db.sql<{ key: string }>(
    `with doomed as materialized (
       select ${key} as key from ${table} where ${columnOf(property)} = any($1::text[]) and ${deleted} is null
       order by 1 for update
     )
     update ${table} as target set ${stamped.map((column) => `${column} = $2::timestamptz`).join(", ")}
     from doomed where target.${key} = doomed.key returning target.${key} as key`,
    [values, new Date().toISOString()],
  )
  return rows.map((row) => row.key)
}
