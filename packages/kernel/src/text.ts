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
export function faultIn(value: unknown): TextFault | undefined {
  return isClean(value, 0) ? undefined : locate(value, [])
}

/** Nearly all values have no fault: that is found out without noting where one would be. */
function isClean(value: unknown, depth: number): boolean {
  if (typeof value === "string") return isKeepable(value)
  if (typeof value !== "object" || value === null) return true
  if (depth >= MAX_DEPTH) return false
  if (Array.isArray(value)) {
    for (const inner of value) if (!isClean(inner, depth + 1)) return false
    return true
  }
  if (!isPlain(value)) return true
  for (const [key, inner] of Object.entries(value)) if (!isKeepable(key) || !isClean(inner, depth + 1)) return false
  return true
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function locate(value: unknown, path: (string | number)[]): TextFault | undefined {
  if (typeof value === "string") {
    return isKeepable(value) ? undefined : { path, message: "holds U+0000 or half a surrogate pair" }
  }
  if (typeof value !== "object" || value === null) return undefined
  if (path.length >= MAX_DEPTH) return { path: path.slice(0, 3), message: `nests more than ${MAX_DEPTH} levels` }
  if (!Array.isArray(value) && !isPlain(value)) return undefined
  for (const [step, inner] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    if (typeof step === "string" && !isKeepable(step)) {
      return { path, message: "has a key that holds U+0000 or half a surrogate pair" }
    }
    const fault = locate(inner, [...path, step])
    if (fault !== undefined) return fault
  }
  return undefined
}
