import { randomBytes } from "node:crypto"
import type { ComputedField } from "./computed.ts"
import type { FillOptions } from "./fill.ts"
import type { Level } from "./selection.ts"

/** No text of a shop can hold it by accident or on purpose: it is new with every process. */
const NONCE = randomBytes(9).toString("base64url")

/** What stands in place of a computed field that is known by a key: `~…~product_variant.calculated_price~pset_1`. */
export const markerOf = ({ resource, name }: ComputedField): string => `~${NONCE}~${resource}.${name}~`

const PLACES = new RegExp(`(,?)"(\\w+)":"~${NONCE}~([\\w.]+)~((?:[^"\\\\]|\\\\.)*)"`, "g")

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
export async function splice(text: string, level: Level, options: Omit<FillOptions, "fetch">): Promise<string> {
  const fields = new Map<string, ComputedField>()
  collectFields(level, fields)
  if (fields.size === 0) return text
  const keys = new Map<string, Set<string>>()
  for (const [, , , id, key] of text.matchAll(PLACES)) {
    const found = keys.get(id as string)
    if (found === undefined) keys.set(id as string, new Set([key as string]))
    else found.add(key as string)
  }
  const values = new Map<string, string | undefined>()
  await Promise.all(
    [...keys].map(([id, found]) => resolve(fields.get(id) as ComputedField, [...found], options, values)),
  )
  return text.replace(PLACES, (_, comma: string, name: string, id: string, key: string) => {
    const value = values.get(`${id}~${key}`)
    return value === undefined ? "" : `${comma}"${name}":${value}`
  })
}

function collectFields({ computed, relations }: Level, fields: Map<string, ComputedField>): void {
  for (const { field } of computed) fields.set(`${field.resource}.${field.name}`, field)
  for (const { level } of relations) collectFields(level, fields)
}

async function resolve(
  field: ComputedField,
  written: readonly string[],
  { container, context, names }: Omit<FillOptions, "fetch">,
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
