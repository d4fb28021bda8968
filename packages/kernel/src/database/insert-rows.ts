import type { EntityMetadata, EntityProperty } from "@mikro-orm/core"
import type { Database } from "./database.ts"
import type { EntityClass } from "./orm.ts"

export type Row = Record<string, unknown>

export interface Column {
  readonly property: EntityProperty
  /** As a column of a record that is made from JSON. */
  readonly definition: string
}

/** A statement with one parameter, whose number is told when it is written out. */
export interface Part {
  readonly text: (parameter: string) => string
  readonly value: unknown
}

/** Like {@link insertPart}, sent by itself. */
export async function insertRows(db: Database, entity: EntityClass, rows: readonly Row[]): Promise<string[]> {
  if (rows.length === 0) return []
  const { part, ids } = insertPart(metadataOf(db, entity), rows)
  await db.run(part.text("$1"), [part.value])
  return ids
}

/**
 * One `insert … select from json_to_recordset`: one parameter and one text per entity and set of columns, whatever the
 * number of rows, so that it is prepared once and never meets the limit of 65,535 parameters.
 */
export function insertPart(meta: EntityMetadata, rows: readonly Row[]): { part: Part; ids: string[] } {
  const { written, text, key } = shapeOf(meta, rows)
  const complete = rows.map((row) => completed(row, written))
  return { part: { text, value: toJson(complete) }, ids: complete.map((row) => row[key] as string) }
}

/** What rows that give the same properties have in common. */
interface Shape {
  readonly written: readonly Column[]
  readonly text: Part["text"]
  /** The column of the key. */
  readonly key: string
}

const shapes = new WeakMap<EntityMetadata, Map<string, Shape>>()
/** Callers in TypeScript give few sets of properties; beyond, they are worked out anew. */
const KEPT_SHAPES = 100

function shapeOf(meta: EntityMetadata, rows: readonly Row[]): Shape {
  const given = new Set<string>()
  for (const row of rows) for (const name in row) given.add(name)
  const signature = [...given].join()
  let known = shapes.get(meta)
  if (known === undefined) shapes.set(meta, (known = new Map()))
  let shape = known.get(signature)
  if (shape === undefined) {
    shape = makeShape(meta, given)
    if (known.size < KEPT_SHAPES) known.set(signature, shape)
  }
  return shape
}

function makeShape(meta: EntityMetadata, given: ReadonlySet<string>): Shape {
  const columns = columnsOf(meta)
  const names = new Set<string>(columns.map(({ property }) => property.name))
  for (const name of given) {
    if (!names.has(name)) throw new TypeError(`${meta.className} has no column for "${name}"`)
  }
  const written = columns.filter(({ property }) => given.has(property.name) || !isFilledByDatabase(property))
  const list = written.map(({ property }) => `"${property.fieldNames[0]}"`).join(", ")
  const values = written.map(valueOf).join(", ")
  const definitions = written.map(({ definition }) => definition).join(", ")
  const key = meta.properties[meta.primaryKeys[0] as never] as EntityProperty
  return {
    written,
    text: (parameter) =>
      `insert into ${tableOf(meta)} (${list}) select ${values} from json_to_recordset(${parameter}::json) as given (${definitions})`,
    key: key.fieldNames[0] as string,
  }
}

export function metadataOf(db: Database, entity: EntityClass): EntityMetadata {
  return db.orm.getMetadata().get(entity as never) as unknown as EntityMetadata
}

export const tableOf = (meta: EntityMetadata): string => `"${meta.schema ?? "public"}"."${meta.tableName}"`

/** Whole numbers beyond 2^53 are texts: Postgres reads them as what its column is. */
export function toJson(rows: readonly Row[]): string {
  try {
    return JSON.stringify(rows)
  } catch (error) {
    // Rows with such numbers are rare, and a function that looks at each value is slow.
    if (!(error instanceof TypeError)) throw error
    return JSON.stringify(rows, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value))
  }
}

/** Whether the default is an expression or a sequence, which only the database can evaluate. */
const isFilledByDatabase = ({ default: value, defaultRaw, autoincrement, onCreate }: EntityProperty) =>
  onCreate === undefined && value === undefined && (defaultRaw !== undefined || autoincrement === true)

/** A row that leaves out what others give gets the default all the same, where there must be a value. */
function valueOf({ property }: Column): string {
  const column = `"${property.fieldNames[0]}"`
  const falls = isFilledByDatabase(property) && property.defaultRaw !== undefined && property.nullable !== true
  return falls ? `coalesce(given.${column}, ${property.defaultRaw})` : `given.${column}`
}

const columnCache = new WeakMap<EntityMetadata, Column[]>()

/** The columns of an entity that a caller may write. */
export function columnsOf(meta: EntityMetadata): Column[] {
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
