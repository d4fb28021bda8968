import qs from "qs"
import { InvalidRequest } from "./errors.ts"

export type QueryValue = string | QueryValue[] | { [key: string]: QueryValue }

/** More parameters than that, or deeper ones, is no request that a client of ours makes. */
export const MAX_PARAMETERS = 500
const MAX_LEVELS = 6

/**
 * Reads a query string as the contract has it: `id[0]=a&id[1]=b`, `id[]=a`, `created_at[$gt]=…`, and `a.b=` for one
 * or two levels of nesting.
 *
 * @throws {InvalidRequest} when it is too large, too deep, or names `__proto__`.
 */
export function parseQueryString(text: string): Record<string, QueryValue> {
  if (text === "") return {}
  try {
    const parsed = qs.parse(text, {
      depth: MAX_LEVELS,
      strictDepth: true,
      parameterLimit: MAX_PARAMETERS,
      throwOnLimitExceeded: true,
      arrayLimit: MAX_PARAMETERS,
      plainObjects: false,
      allowPrototypes: false,
    })
    return undot(parsed as Record<string, QueryValue>)
  } catch (error) {
    if (error instanceof InvalidRequest) throw error
    throw new InvalidRequest([`The query string cannot be read (${(error as Error).message})`])
  }
}

function undot(parsed: Record<string, QueryValue>): Record<string, QueryValue> {
  const result: Record<string, QueryValue> = {}
  for (const [key, value] of Object.entries(parsed)) {
    const [head, ...rest] = key.split(".") as [string, ...string[]]
    if (rest.length === 0 || head.startsWith("$")) {
      result[key] = value
      continue
    }
    const unusable = [head, ...rest].some((name) => name === "" || name === "__proto__")
    if (rest.length > 2 || unusable) throw new InvalidRequest([`Unrecognized fields: '${key}'`])
    const nested = rest.reduceRight<QueryValue>((inner, name) => ({ [name]: inner }), value)
    const before = result[head]
    result[head] = isMap(before) && isMap(nested) ? { ...before, ...nested } : nested
  }
  return result
}

export const isMap = (value: unknown): value is Record<string, QueryValue> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
