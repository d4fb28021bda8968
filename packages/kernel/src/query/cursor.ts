import { QueryInvalid } from "./errors.ts"

/**
 * The place of a row in an order, to go on from: the values it is ordered by, then its id. Opaque to callers.
 * It stays right when rows before it come or go, and costs the same on every page, which an offset does not.
 */
export function writeCursor(keys: readonly (string | null)[]): string {
  return Buffer.from(JSON.stringify(keys)).toString("base64url")
}

/** @throws {QueryInvalid} for anything that {@link writeCursor} has not made for an order of that many terms. */
export function readCursor(cursor: string, terms: number): (string | null)[] {
  try {
    const keys: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString())
    const valid = (key: unknown) => key === null || (typeof key === "string" && !key.includes("\0"))
    if (Array.isArray(keys) && keys.length === terms + 1 && keys.every(valid) && keys.at(-1) !== null) return keys
  } catch {
    // Falls through to the one error there is.
  }
  throw new QueryInvalid("The cursor does not belong to this order: start again without it", "after")
}
