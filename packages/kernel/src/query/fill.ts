import type { DependencyContainer } from "../module/container.ts"
import type { ComputedByKey, ComputedField, ResolveContext } from "./computed.ts"
import { keyPropertyOf } from "./resource.ts"
import type { Level } from "./selection.ts"
import { keyOfMarker } from "./splice.ts"
import type { AnySelection } from "./types.ts"

type Row = Record<string, unknown>

export interface FillOptions {
  readonly names: "property" | "wire"
  readonly container: DependencyContainer
  readonly context: Readonly<Record<string, unknown>>
  /** Reads rows of another database by their ids. */
  fetch(resource: string, ids: readonly string[], selection: AnySelection): Promise<Row[]>
}

interface Places {
  readonly computed: Map<ComputedField, Row[]>
  readonly remote: { readonly relation: Level["relations"][number]; readonly rows: Row[] }[]
}

/**
 * Fills in what one statement could not answer: rows of other databases, one more read for each, and computed fields,
 * one call for each. Until then their places hold what is needed: ids, and the rows that a resolver asked for.
 */
export async function complete(level: Level, rows: Row[], options: FillOptions): Promise<void> {
  const places: Places = { computed: new Map(), remote: [] }
  collect(level, rows, options.names, places)
  await Promise.all([
    ...places.remote.map(({ relation, rows: holders }) => fillRemote(relation, holders, options)),
    ...[...places.computed].map(([field, holders]) => fillComputed(field, holders, options)),
  ])
}

function collect(level: Level, rows: readonly Row[], names: FillOptions["names"], places: Places): void {
  if (rows.length === 0) return
  for (const { field } of level.computed) places.computed.set(field, [...(places.computed.get(field) ?? []), ...rows])
  for (const relation of level.relations) {
    if (relation.remote) {
      places.remote.push({ relation, rows: [...rows] })
      continue
    }
    const name = names === "wire" ? relation.info.wire : relation.info.property
    const inner = rows.flatMap<Row>((row) => (row[name] ?? []) as Row | Row[])
    collect(relation.level, inner, names, places)
  }
}

async function fillComputed(field: ComputedField, holders: Row[], options: FillOptions): Promise<void> {
  const { container, context, names } = options
  const resolving = { container, context, wire: names === "wire" }
  const places = holders.map((row) => row[field.name])
  const values =
    field.key === undefined ? await field.resolve(places as Row[], resolving) : await byKey(field, places, resolving)
  if (values.length !== holders.length)
    throw new TypeError(`${field.resource}.${field.name} must answer one value per row`)
  for (const [index, row] of holders.entries()) {
    if (values[index] === undefined) delete row[field.name]
    else row[field.name] = values[index]
  }
}

async function byKey(field: ComputedByKey, markers: readonly unknown[], context: ResolveContext): Promise<unknown[]> {
  const keys = markers.map((marker) => keyOfMarker(field, marker))
  const distinct = [...new Set(keys.filter((key) => key !== null))]
  const values = distinct.length === 0 ? [] : await field.resolve(distinct, context)
  if (values.length !== distinct.length)
    throw new TypeError(`${field.resource}.${field.name} must answer one value per key`)
  const found = new Map(distinct.map((key, index) => [key, values[index]]))
  return keys.map((key) => (key === null ? null : found.get(key)))
}

async function fillRemote(
  { info, level }: Level["relations"][number],
  holders: Row[],
  options: FillOptions,
): Promise<void> {
  const name = options.names === "wire" ? info.wire : info.property
  const idsOf = (row: Row) => ((row[name] ?? []) as (string | null)[]).filter((id) => id !== null)
  const ids = [...new Set(holders.flatMap(idsOf))]
  const key = options.names === "wire" ? level.resource.key : keyPropertyOf(level.resource)
  const found =
    ids.length === 0 ? [] : await options.fetch(info.target, ids, { ...selectionOf(level, options.names), [key]: true })
  const byId = new Map(found.map((row) => [row[key] as string, row]))
  for (const row of holders) {
    const related = idsOf(row).flatMap((id) => byId.get(id) ?? [])
    row[name] = info.many ? related : (related[0] ?? null)
  }
}

/** The selection that a level was read from, for reading it again elsewhere. */
function selectionOf(level: Level, names: FillOptions["names"]): AnySelection {
  const fields = level.fields.map(({ column, property }) => [names === "wire" ? column : property, true] as const)
  const relations = level.relations.map(
    ({ info, level: inner }) => [names === "wire" ? info.wire : info.property, selectionOf(inner, names)] as const,
  )
  const computed = level.computed.map(({ field }) => [field.name, true] as const)
  return Object.fromEntries([...fields, ...relations, ...computed])
}
