import { randomBytes } from "node:crypto"
import type { ComputedField } from "./computed.ts"
import type { ResolveOptions } from "./fill.ts"
import type { Level } from "./selection.ts"

/** No text of a shop can hold it by accident or on purpose: it is new with every process. */
const NONCE = randomBytes(9).toString("base64url")

/** What stands in place of a computed field that is known by a key: `~…~product_variant.calculated_price~pset_1`. */
export const markerOf = ({ resource, name }: ComputedField): string => `~${NONCE}~${resource}.${name}~`

/** What every marker begins with, as it stands in JSON. */
const OPENING = `"~${NONCE}~`

/** The key that a marker holds. */
export const keyOfMarker = (field: ComputedField, marker: unknown): string | null =>
  typeof marker === "string" ? marker.slice(markerOf(field).length) : null

/** Whether all that a selection lacks are computed fields that are known by a key. */
export function isSpliceable({ computed, relations }: Level): boolean {
  return (
    computed.every(({ field }) => field.key !== undefined) &&
    relations.every(({ remote, level }) => !remote && isSpliceable(level))
  )
}

/**
 * Puts computed fields into JSON that Postgres wrote, without parsing it: a page of products is a quarter of a megabyte,
 * of which this touches some bytes per variant.
 */
export async function splice(text: string, level: Level, options: ResolveOptions): Promise<string> {
  const fields = new Map<string, ComputedField>()
  collectFields(level, fields)
  if (fields.size === 0) return text
  const places = findPlaces(text)
  const keys = new Map<string, Set<string>>()
  for (const { id, key } of places) {
    const found = keys.get(id)
    if (found === undefined) keys.set(id, new Set([key]))
    else found.add(key)
  }
  const values = new Map<string, string | undefined>()
  await Promise.all(
    [...keys].map(([id, found]) => resolve(fields.get(id) as ComputedField, [...found], options, values)),
  )
  return replace(text, places, values)
}

/** A marker in JSON: from its opening quote up to behind its closing one. */
interface Place {
  readonly start: number
  readonly end: number
  readonly id: string
  /** As it is written in JSON. */
  readonly key: string
}

function findPlaces(text: string): Place[] {
  const places: Place[] = []
  for (let start = text.indexOf(OPENING); start !== -1; start = text.indexOf(OPENING, start + 1)) {
    const from = start + OPENING.length
    const middle = text.indexOf("~", from)
    let end = text.indexOf('"', middle)
    while (text[end - 1] === "\\") end = text.indexOf('"', end + 1)
    places.push({ start, end: end + 1, id: text.slice(from, middle), key: text.slice(middle + 1, end) })
  }
  return places
}

function replace(text: string, places: readonly Place[], values: ReadonlyMap<string, string | undefined>): string {
  let result = ""
  let done = 0
  for (const { start, end, id, key } of places) {
    const value = values.get(`${id}~${key}`)
    // Left out: with its name, and the comma before that; a computed field is never the first of its row.
    const until = value === undefined ? text.lastIndexOf(",", start) : start
    result += text.slice(done, until) + (value ?? "")
    done = end
  }
  return result + text.slice(done)
}

function collectFields({ computed, relations }: Level, fields: Map<string, ComputedField>): void {
  for (const { field } of computed) fields.set(`${field.resource}.${field.name}`, field)
  for (const { level } of relations) collectFields(level, fields)
}

async function resolve(
  field: ComputedField,
  written: readonly string[],
  { container, context, names }: ResolveOptions,
  values: Map<string, string | undefined>,
): Promise<void> {
  const keys = written.map((key) => (key.includes("\\") ? (JSON.parse(`"${key}"`) as string) : key))
  const found = await field.resolve(keys as never, { container, context, wire: names === "wire" })
  if (found.length !== keys.length) throw new TypeError(`${field.resource}.${field.name} must answer one value per key`)
  for (const [index, key] of written.entries()) {
    const value = found[index]
    values.set(`${field.resource}.${field.name}~${key}`, value === undefined ? undefined : JSON.stringify(value))
  }
}
