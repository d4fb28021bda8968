import type { EntityMetadata, EntityProperty } from "@mikro-orm/core"
import type { Database } from "./database.ts"
import type { EntityClass } from "./orm.ts"

type Row = Record<string, unknown>

interface Column {
  property: EntityProperty
  definition: string
}

/**
 * One `insert … select from json_to_recordset`: one parameter and one text per entity and set of columns, whatever the
 * number of rows, so that it is prepared once and never meets the limit of 65,535 parameters.
 */
export async function insertRows(db: Database, entity: EntityClass, rows: readonly Row[]): Promise<string[]> {
  if (rows.length === 0) return []
  const meta = metadataOf(db, entity)
  const columns = columnsOf(meta)
  const known = new Set(columns.map(({ property }) => property.name))
  const unknown = Object.keys(rows[0] as Row).find((name) => !known.has(name))
  if (unknown !== undefined) throw new TypeError(`${meta.className} has no column for "${unknown}"`)

  const complete = rows.map((row) => completed(row, columns))
  const names = columns.map(({ property }) => `"${property.fieldNames[0]}"`).join(", ")
  const table = `"${meta.schema}"."${meta.tableName}"`
  const definitions = columns.map(({ definition }) => definition).join(", ")
  await db.run(
    `insert into ${table} (${names}) select ${names} from json_to_recordset($1::json) as row (${definitions})`,
    [JSON.stringify(complete)],
  )
  const key = meta.primaryKeys[0] as string
  const keyColumn = meta.properties[key as never] as EntityProperty
  return complete.map((row) => row[keyColumn.fieldNames[0] as string] as string)
}

export function metadataOf(db: Database, entity: EntityClass): EntityMetadata {
  return db.orm.getMetadata().get(entity as never) as unknown as EntityMetadata
}

const columnCache = new WeakMap<EntityMetadata, Column[]>()

function columnsOf(meta: EntityMetadata): Column[] {
  let columns = columnCache.get(meta)
  if (columns === undefined) {
    columns = (meta.props as EntityProperty[])
      .filter((property) => property.persist !== false && !property.generated && property.fieldNames?.length === 1)
      .filter(({ kind, owner }) => kind === "scalar" || kind === "m:1" || (kind === "1:1" && owner === true))
      .map((property) => ({ property, definition: `"${property.fieldNames[0]}" ${property.columnTypes[0]}` }))
    columnCache.set(meta, columns)
  }
  return columns
}

function completed(row: Row, columns: readonly Column[]): Row {
  const result: Row = {}
  for (const { property } of columns) {
    let value = row[property.name]
    if (value === undefined && property.onCreate !== undefined) value = property.onCreate(row, undefined as never)
    if (value === undefined && property.default !== undefined) value = property.default
    result[property.fieldNames[0] as string] = value ?? null
  }
  return result
}
