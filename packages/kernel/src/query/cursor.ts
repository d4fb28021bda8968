import { isKeepable } from "../text.ts"
import { QueryInvalid } from "./errors.ts"

/**
 * The place of a row in an order, to go on from: what it is ordered by, those values, then its id. Opaque to callers.
 * It stays right when rows before it come or go, and costs the same on every page, which an offset does not.
 *
 * @param order says what the rows are ordered by: values of one order mean nothing in another.
 */
export function writeCursor(order: string, keys: readonly (string | null)[]): string {
  return Buffer.from(JSON.stringify([order, ...keys])).toString("base64url")
}

/** @throws {QueryInvalid} for anything that {@link writeCursor} has not made for that order. */
export function readCursor(cursor: string, order: string, terms: number): (string | null)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString())
    if (Array.isArray(parts) && parts.length === terms + 2 && parts[0] === order) {
      const keys = parts.slice(1) as unknown[]
      const valid = (key: unknown) => key === null || (typeof key === "string" && isKeepable(key))
      if (keys.every(valid) && keys.at(-1) !== null) return keys as (string | null)[]
    }
  } catch {
    // Falls through to the one error there is.
  }
  throw new QueryInvalid("The cursor does not belong to this order: start again without it", "after")
}
