import type { DependencyContainer } from "../module/container.ts"
import type { ComputedByKey, ComputedField, ResolveContext } from "./computed.ts"
import type { AnyRead } from "./read.ts"
import type { Remote } from "./remote.ts"
import { isComplete, type Level } from "./selection.ts"
import { keyOfMarker } from "./splice.ts"
import type { AnySelection } from "./types.ts"

type Row = Record<string, unknown>

export interface ResolveOptions {
  readonly names: "property" | "wire"
  readonly container: DependencyContainer
  readonly context: Readonly<Record<string, unknown>>
}

export interface FillOptions extends ResolveOptions {
  readonly remote: Remote
  /** The read that is being answered. */
  readonly read: AnyRead
}

interface Places {
  readonly computed: Map<ComputedField, { readonly needs: Level; readonly rows: Row[] }>
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
    ...[...places.computed].map(([field, place]) => fillComputed(field, place.needs, place.rows, options)),
  ])
}

function collect(level: Level, rows: readonly Row[], names: FillOptions["names"], places: Places): void {
  if (rows.length === 0) return
  for (const { field, needs } of level.computed) {
    const place = places.computed.get(field)
    if (place === undefined) places.computed.set(field, { needs, rows: [...rows] })
    else for (const row of rows) place.rows.push(row)
  }
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

async function fillComputed(
  field: ComputedField,
  needs: Level,
  holders: readonly Row[],
  options: FillOptions,
): Promise<void> {
  const { container, context, names } = options
  const resolving = { container, context, wire: names === "wire" }
  const places = holders.map((row) => row[field.name])
  if (!isComplete(needs)) await complete(needs, places as Row[], { ...options, names: "property" })
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

async function fillRemote({ info, level }: Level["relations"][number], holders: Row[], options: FillOptions) {
  const { names, remote, read } = options
  const name = names === "wire" ? info.wire : info.property
  let tiesOf = (row: Row) => ((row[name] ?? []) as (string | null)[]).filter((tie) => tie !== null)
  if (info.place === "target") {
    const keyOf = tiesOf
    const joined = await remote.joined(info, [...new Set(holders.flatMap(keyOf))])
    tiesOf = (row) => keyOf(row).flatMap((key) => joined.get(key) ?? [])
  }
  const ties = [...new Set(holders.flatMap(tiesOf))]
  const selection = selectionOf(level, names)
  const found = await remote.fetch(info, ties, selection, { ...read, names })
  const places = placesOf(found, remote.tieOf(info, names), selection)
  for (const row of holders) {
    const related = tiesOf(row)
      .flatMap((tie) => places.get(tie) ?? [])
      .sort((a, b) => a - b)
      .map((place) => found[place] as Row)
    row[name] = info.many ? related : (related[0] ?? null)
  }
}

/** Where among rows are those of each tie. The tie itself goes from rows that were not to show it. */
function placesOf(rows: readonly Row[], tie: string, selection: AnySelection): Map<string, number[]> {
  const places = new Map<string, number[]>()
  const isShown = tie in selection || Object.keys(selection).length === 0
  for (const [place, row] of rows.entries()) {
    const value = row[tie] as string
    const others = places.get(value)
    if (others === undefined) places.set(value, [place])
    else others.push(place)
    if (!isShown) delete row[tie]
  }
  return places
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
