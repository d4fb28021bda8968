/** An object as JSON has it. */
export type JsonObject = Readonly<Record<string, unknown>>

/** What a value was, and what it is: without `from` when it was added, without `to` when it was removed. */
export interface Change {
  readonly from?: unknown
  readonly to?: unknown
}

/** What became different, by path: `title`, `variants.variant_01.sku`, `metadata.colour`. */
export type Changes = Readonly<Record<string, Change>>

type Parts = ReadonlyMap<string, unknown>
type Found = [path: string, change: Change][]

/** It changes with everything else, and says nothing that the time of an entry does not say. */
const UNTOLD = "updated_at"

/**
 * What makes `after` different from `before`, in time linear in their size. Values that are the same on both sides are
 * left out, and so is `updated_at`, wherever it is.
 *
 * Objects are compared field by field. So are the elements of a list whose elements are objects: by `id` when all of both
 * sides have one, whatever their order, else by position. Any other list is compared as a whole. In names of fields, `.`
 * and `\` have a `\` before them in a path.
 *
 * @param before `null` for what was created: every field is told as a whole.
 * @param after `null` for what was deleted, likewise.
 */
export function changesBetween(before: JsonObject | null, after: JsonObject | null): Changes {
  const found: Found = []
  compareParts(fieldsOf(before ?? {}), fieldsOf(after ?? {}), "", found)
  // Not by assignment, which would take a field of the name `__proto__` for something else.
  return Object.fromEntries(found)
}

function compareParts(before: Parts, after: Parts, prefix: string, found: Found): void {
  for (const [name, value] of before) compare(value, after.get(name), prefix + escaped(name), found)
  for (const [name, value] of after) {
    if (!before.has(name)) compare(undefined, value, prefix + escaped(name), found)
  }
}

function compare(before: unknown, after: unknown, path: string, found: Found): void {
  if (before === after) return
  const parts = commonParts(before, after)
  if (parts !== undefined) compareParts(...parts, `${path}.`, found)
  else if (!isSame(before, after)) {
    found.push([
      path,
      { ...(before !== undefined && { from: told(before) }), ...(after !== undefined && { to: told(after) }) },
    ])
  }
}

/** The parts of both that have names in common; `undefined` for what is compared as a whole. */
function commonParts(before: unknown, after: unknown): [Parts, Parts] | undefined {
  if (isObject(before) && isObject(after)) return [fieldsOf(before), fieldsOf(after)]
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined
  return bothSides(elementsById, before, after) ?? bothSides(elementsByPosition, before, after)
}

function bothSides(
  partsOf: (list: readonly unknown[]) => Parts | undefined,
  before: readonly unknown[],
  after: readonly unknown[],
): [Parts, Parts] | undefined {
  const was = partsOf(before)
  const is = was && partsOf(after)
  return was && is && [was, is]
}

function elementsById(list: readonly unknown[]): Parts | undefined {
  const parts = new Map<string, unknown>()
  for (const element of list) {
    if (!isObject(element) || typeof element["id"] !== "string") return undefined
    parts.set(element["id"], element)
  }
  // Two elements of one id cannot be told apart by it.
  return parts.size === list.length ? parts : undefined
}

const elementsByPosition = (list: readonly unknown[]): Parts | undefined =>
  list.every(isObject) ? new Map(list.map((element, index) => [String(index), element])) : undefined

/** What is `undefined` is not there: JSON has no such value. */
const isTold = (name: string, value: unknown) => name !== UNTOLD && value !== undefined

const fieldsOf = (object: JsonObject): Parts =>
  new Map(Object.entries(object).filter(([name, value]) => isTold(name, value)))

function isSame(before: unknown, after: unknown): boolean {
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.length === after.length && before.every((element, index) => isSame(element, after[index]))
  }
  if (!isObject(before) || !isObject(after)) return before === after
  const [was, is] = [fieldsOf(before), fieldsOf(after)]
  return was.size === is.size && [...was].every(([name, value]) => is.has(name) && isSame(value, is.get(name)))
}

/** A value as an entry tells it: without what is left out everywhere. */
function told(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(told)
  if (!isObject(value)) return value
  const fields: [name: string, field: unknown][] = []
  for (const [name, field] of Object.entries(value)) if (isTold(name, field)) fields.push([name, told(field)])
  return Object.fromEntries(fields)
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const escaped = (name: string): string => name.replaceAll(/[.\\]/g, "\\$&")
