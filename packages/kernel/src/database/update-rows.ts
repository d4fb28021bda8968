import type { EntityMetadata, EntityProperty } from "@mikro-orm/core"
import type { Database } from "./database.ts"
import { columnsOf, metadataOf, tableOf, toJson, type Part, type Row } from "./insert-rows.ts"
import type { EntityClass } from "./orm.ts"

/** Like {@link updatePart}, sent by itself. */
export async function updateRows(db: Database, entity: EntityClass, rows: readonly Row[]): Promise<number> {
  if (rows.length === 0) return 0
  const part = updatePart(metadataOf(db, entity), rows)
  return part === undefined ? 0 : db.run(part.text("$1"), [part.value])
}

/**
 * One `update … from jsonb_array_elements`: one parameter and one text per entity and set of columns, whatever the number
 * of rows. Each element is laid over the row as it is, so that rows may change different columns.
 *
 * @returns `undefined` when the rows name nothing that could change.
 */
export function updatePart(meta: EntityMetadata, rows: readonly Row[]): Part | undefined {
  const key = meta.primaryKeys[0] as string
  const columns = new Map(columnsOf(meta).map(({ property }) => [property.name as string, property]))
  assertKeys(meta, key, rows)
  const used = new Set<string>()
  const changes = rows.map((row) => {
    const change: Row = {}
    for (const [name, value] of Object.entries(withUpdates(row, columns.values()))) {
      const property = columns.get(name)
      if (property === undefined) throw new TypeError(`${meta.className} has no column for "${name}"`)
      const column = property.fieldNames[0] as string
      if (value === undefined) continue
      change[column] = value
      if (name !== key) used.add(`"${column}"`)
    }
    return change
  })
  if (used.size === 0) return undefined
  const changed = [...used].sort().join(", ")
  const keyColumn = columns.get(key)?.fieldNames[0] as string
  const table = tableOf(meta)
  return {
    value: toJson(changes),
    text: (parameter) => `with changes as materialized (
       select change, change ->> '${keyColumn}' as key
       from jsonb_array_elements(${parameter}::jsonb) as change limit ${limitFor(rows.length)}
     ), held as materialized (
       select "${keyColumn}" as key from ${table} where "${keyColumn}" in (select key from changes)
       order by 1 for no key update
     )
     update ${table} as target set (${changed}) = (select ${changed} from jsonb_populate_record(target, change))
     from held join changes using (key) where target."${keyColumn}" = held.key`,
  }
}

/**
 * Postgres cannot see how many rows a parameter holds: it guesses a hundred, and reads whole tables for one. A limit tells
 * it; few different ones, so that few texts are prepared.
 */
const limitFor = (rows: number): number => 10 ** Math.ceil(Math.log10(rows))

function assertKeys(meta: EntityMetadata, key: string, rows: readonly Row[]): void {
  const keys = new Set(rows.map((row) => row[key]))
  if (keys.size < rows.length) throw new TypeError(`Two rows of ${meta.className} have the same "${key}", or none`)
  for (const value of keys) {
    if (typeof value !== "string") throw new TypeError(`A row of ${meta.className} has no "${key}"`)
  }
}

/** What the ORM sets with every update, where the row does not say it. */
function withUpdates(row: Row, properties: Iterable<EntityProperty>): Row {
  const result = { ...row }
  for (const { name, onUpdate } of properties) {
    if (onUpdate !== undefined && result[name] === undefined) result[name] = onUpdate(row, undefined as never)
  }
  return result
}
