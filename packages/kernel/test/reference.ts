/* What filters mean, said slowly: on plain objects, one row at a time. The engine is compared with it. */

type Row = Record<string, unknown>

const relations: Record<string, "one" | "many"> = { author: "one", chapters: "many", topics: "many", shelves: "many" }
const jsons = new Set(["metadata"])

/** Whether a row meets a filter. */
export function meets(row: Row, filter: Row): boolean {
  return Object.entries(filter).every(([key, value]) => {
    if (key === "$and") return (value as Row[]).every((item) => meets(row, item))
    if (key === "$or") return (value as Row[]).some((item) => meets(row, item))
    if (key === "$not") return !meets(row, value as Row)
    if (key in relations) return related(row[key], value)
    return compares(row[key], value, jsons.has(key))
  })
}

function related(value: unknown, filter: unknown): boolean {
  const rows = (Array.isArray(value) ? value : [value].filter((row) => row !== null)) as Row[]
  if (filter === null) return rows.length === 0
  if (typeof filter === "string" || Array.isArray(filter)) return rows.some((row) => compares(row["id"], filter, false))
  return rows.some((row) => meets(row, filter as Row))
}

function compares(value: unknown, operand: unknown, json: boolean): boolean {
  if (operand === null) return value === null
  if (json) return contains(value, operand)
  if (Array.isArray(value)) {
    const wanted = isPlain(operand) ? operand["$contains"] : operand
    return [wanted].flat().every((item) => value.includes(item))
  }
  if (Array.isArray(operand)) return operates(value, "$in", operand)
  if (!isPlain(operand)) return operates(value, "$eq", operand)
  return Object.entries(operand).every(([operator, inner]) =>
    operator === "$not" ? !compares(value, inner, json) : operates(value, operator, inner),
  )
}

const isPlain = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)

function operates(value: unknown, operator: string, operand: unknown): boolean {
  const list = operand as unknown[]
  if (operator === "$eq") return operand === null ? value === null : value !== null && order(value, operand) === 0
  if (operator === "$ne") return !operates(value, "$eq", operand)
  if (operator === "$in") return list.some((item) => operates(value, "$eq", item))
  if (operator === "$nin") return !operates(value, "$in", operand)
  if (value === null) return false
  if (operator === "$gt") return order(value, operand) > 0
  if (operator === "$gte") return order(value, operand) >= 0
  if (operator === "$lt") return order(value, operand) < 0
  if (operator === "$lte") return order(value, operand) <= 0
  if (operator === "$like") return like(String(operand), "s").test(String(value))
  if (operator === "$ilike") return like(String(operand), "si").test(String(value))
  if (operator === "$re") return new RegExp(String(operand)).test(String(value))
  throw new Error(`No such operator: ${operator}`)
}

/** Of two values that are not null: numbers, decimals and dates by size, all else by code point. */
export function order(a: unknown, b: unknown): number {
  const [left, right] = [comparable(a), comparable(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

function comparable(value: unknown): number | string {
  if (value instanceof Date) return value.getTime()
  if (typeof value === "boolean") return Number(value)
  if (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)) return Number(value)
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) return Date.parse(value)
  return value as number | string
}

/** `%` is any text, `_` any one character, a backslash takes the next one as it is. */
function like(pattern: string, flags: string): RegExp {
  const source = pattern.replaceAll(/\\(.)|[%_]|[.*+?^${}()|[\]]/gs, (match, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\u{${escaped.codePointAt(0)?.toString(16)}}`
    return match === "%" ? ".*" : match === "_" ? "." : `\\${match}`
  })
  return new RegExp(`^${source}$`, `${flags}u`)
}

/** As `@>` of jsonb. */
function contains(value: unknown, part: unknown): boolean {
  if (Array.isArray(part)) {
    return Array.isArray(value) && part.every((item) => value.some((candidate) => contains(candidate, item)))
  }
  if (isPlain(part)) {
    return isPlain(value) && Object.entries(part).every(([key, item]) => key in value && contains(value[key], item))
  }
  return value === part
}
