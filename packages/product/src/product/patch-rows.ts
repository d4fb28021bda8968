import type { Database } from "@marquetry/kernel"

type EntityClass = Parameters<Database["insertRows"]>[0]

/**
 * Changes any number of rows of one entity in one statement: the twin of `Database.insertRows`. Each row names its id
 * and what changes, in property names; a to-one relation is given by the target's id. What a row does not name stays.
 */
export async function patchRows(
  db: Database,
  entity: EntityClass,
  rows: readonly (Readonly<Record<string, unknown>> & { readonly id: string })[],
): Promise<void> {
  if (rows.length === 0) return
  const meta = db.orm.getMetadata().get(entity as never)
  const columns = new Map(
    meta.props
      .filter(({ kind, persist }) => persist !== false && (kind === "scalar" || kind === "m:1"))
      .map(({ name, fieldNames }) => [name as string, fieldNames[0] as string]),
  )
  const columnOf = (name: string): string => {
    const column = columns.get(name)
    if (column === undefined) throw new TypeError(`${meta.className} has no column for "${name}"`)
    return column
  }
  const data = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [columnOf(name), value])),
  )
  const changed = [...columns.values()].filter((column) => column !== "id").map((column) => `"${column}"`)
  await db.run(
    `update "${meta.schema}"."${meta.tableName}" as target set (${changed.join(", ")}) = (
       select ${changed.join(", ")} from jsonb_populate_record(target, change)
     )
     from jsonb_array_elements($1::jsonb) as change where target.id = change ->> 'id'`,
    [JSON.stringify(data)],
  )
}
