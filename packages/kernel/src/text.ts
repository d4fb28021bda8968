/** Deeper than that is no data that anybody wrote, and too deep for what walks it later. */
const MAX_DEPTH = 100

export interface TextFault {
  readonly path: (string | number)[]
  readonly message: string
}

/** Whether Postgres can keep `text`: it refuses U+0000, and half a surrogate pair is no character. */
export const isKeepable = (text: string): boolean => !text.includes("\0") && text.isWellFormed()

/**
 * The first text in `value`, at any depth and among keys too, that Postgres cannot keep; `undefined` when all can be
 * kept.
 */
export function faultIn(value: unknown, path: (string | number)[] = []): TextFault | undefined {
  if (typeof value === "string") {
    return isKeepable(value) ? undefined : { path, message: "holds U+0000 or half a surrogate pair" }
  }
  if (typeof value !== "object" || value === null) return undefined
  if (path.length >= MAX_DEPTH) return { path: path.slice(0, 3), message: `nests more than ${MAX_DEPTH} levels` }
  if (Array.isArray(value)) return faultAmong(value.entries(), path)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return undefined
  return faultAmong(Object.entries(value), path)
}

function faultAmong(
  entries: Iterable<[step: string | number, value: unknown]>,
  path: (string | number)[],
): TextFault | undefined {
  for (const [step, value] of entries) {
    if (typeof step === "string" && !isKeepable(step)) {
      return { path, message: "has a key that holds U+0000 or half a surrogate pair" }
    }
    // Numbers, booleans and null are most of what there is.
    if (typeof value !== "string" && (typeof value !== "object" || value === null)) continue
    const fault = faultIn(value, [...path, step])
    if (fault !== undefined) return fault
  }
  return undefined
}
