import { faultIn, isKeepable } from "../text.ts"
import { QueryInvalid } from "./errors.ts"
import type { FieldInfo, FieldType, RelationInfo, ResourceInfo } from "./resource.ts"

/** A filter checked against its resource. Values are kept apart, by index, so that SQL is compiled once per shape. */
export type Condition =
  | { readonly kind: "all" | "any"; readonly items: readonly Condition[] }
  | { readonly kind: "not"; readonly item: Condition }
  | { readonly kind: "null"; readonly field: FieldInfo; readonly negated: boolean }
  | { readonly kind: "compare"; readonly field: FieldInfo; readonly operator: Operator; readonly value: number }
  | { readonly kind: "related"; readonly relation: RelationInfo; readonly item: Condition }
  | { readonly kind: "linked"; readonly relation: RelationInfo; readonly value: number }
  | { readonly kind: "search"; readonly words: readonly number[]; readonly isPlain: boolean }

/** Ids that stand for a condition on rows of another database. Made by the engine, never by callers. */
export class LinkedIds {
  readonly ids: readonly string[]
  constructor(ids: readonly string[]) {
    this.ids = ids
  }
}

/** A condition on rows of a relation, after parts of it were replaced. Made by the engine, never by callers. */
export class Inside {
  readonly filter: Readonly<Record<string, unknown>>
  constructor(filter: Readonly<Record<string, unknown>>) {
    this.filter = filter
  }
}

export type Operator =
  | "$eq"
  | "$ne"
  | "$in"
  | "$nin"
  | "$gt"
  | "$gte"
  | "$lt"
  | "$lte"
  | "$like"
  | "$ilike"
  | "$re"
  | "$contains"

const operators = new Set<string>([
  "$eq",
  "$ne",
  "$in",
  "$nin",
  "$gt",
  "$gte",
  "$lt",
  "$lte",
  "$like",
  "$ilike",
  "$re",
  "$contains",
])

/** More than that many conditions, or levels of them, is no filter that a person wrote. */
export const MAX_CONDITIONS = 200
export const MAX_DEPTH = 12
/** More values than that belong into a table. */
export const MAX_VALUES = 10_000
/** Further words of a free text are passed over. */
export const MAX_WORDS = 20

/** Collects the values of one read and the shape of what they are used for. */
export class FilterReader {
  readonly values: unknown[] = []
  #shape = ""
  #count = 0
  readonly #resource: (name: string) => ResourceInfo

  #hidden: ReadonlySet<string>

  /** @param hidden resources that this caller may not learn of, by filters either. */
  constructor(resource: (name: string) => ResourceInfo, hidden: ReadonlySet<string> = new Set()) {
    this.#resource = resource
    this.#hidden = hidden
  }

  /** What the conditions read so far look like without their values: equal for reads that can share their SQL. */
  get shape(): string {
    return this.#shape
  }

  /** @throws {QueryInvalid} for unknown fields and operators, and values that do not fit. */
  read(resource: ResourceInfo, filter: Readonly<Record<string, unknown>>, depth = 0): Condition {
    if (depth > MAX_DEPTH) throw new QueryInvalid(`Filters nest ${MAX_DEPTH} levels at most`, resource.name)
    const items: Condition[] = []
    this.#shape += "("
    for (const [key, value] of Object.entries(asFilter(filter, resource.name))) {
      if (value === undefined) continue
      items.push(this.#entry(resource, key, value, depth))
      this.#shape += ";"
    }
    this.#shape += ")"
    return items.length === 1 ? (items[0] as Condition) : { kind: "all", items }
  }

  /** Reads a filter that the caller did not write, and that may use what the caller must not learn of. */
  readScope(resource: ResourceInfo, filter: Readonly<Record<string, unknown>>): Condition {
    const hidden = this.#hidden
    this.#hidden = new Set()
    const condition = this.read(resource, filter)
    this.#hidden = hidden
    return condition
  }

  search(text: string): Condition | undefined {
    if (typeof text !== "string") throw new QueryInvalid("q is a text", "q")
    const words = searchWords(text)
    if (words.length === 0) return undefined
    // Plain words are letters and digits alone: others may be several to Postgres, or one.
    const isPlain = !words.some((word) => /[^\p{L}\p{N}]/u.test(word))
    this.#shape += `q${words.length}${isPlain ? "" : "signs"}`
    return { kind: "search", words: words.map((word) => this.#push(prefixQuery(word))), isPlain }
  }

  #entry(resource: ResourceInfo, key: string, value: unknown, depth: number): Condition {
    if (++this.#count > MAX_CONDITIONS) throw new QueryInvalid(`A filter has ${MAX_CONDITIONS} conditions at most`, key)
    this.#shape += key
    if (key === "$and" || key === "$or") {
      if (!Array.isArray(value)) throw new QueryInvalid(`${key} takes a list of filters`, key)
      const items = value.map((item) => this.read(resource, asFilter(item, key), depth + 1))
      return { kind: key === "$and" ? "all" : "any", items }
    }
    if (key === "$not") return { kind: "not", item: this.read(resource, asFilter(value, key), depth + 1) }
    const field = resource.fields.get(key)
    if (field !== undefined) return this.#field(field, value, key)
    return this.#relation(resource, key, value, depth)
  }

  #relation(resource: ResourceInfo, key: string, value: unknown, depth: number): Condition {
    const [first, ...rest] = key.split(".") as [string, ...string[]]
    const relation = resource.relations.get(first)
    if (relation === undefined || this.#hidden.has(relation.target)) {
      throw new QueryInvalid(`${resource.name} has no field "${key}" to filter by`, key)
    }
    if (value instanceof LinkedIds) return { kind: "linked", relation, value: this.#push(value.ids) }
    const target = this.#resource(relation.target)
    const inside = (filter: Readonly<Record<string, unknown>>): Condition => ({
      kind: "related",
      relation,
      item: this.read(target, filter, depth + 1),
    })
    if (value instanceof Inside) return inside(value.filter)
    if (value === null && rest.length === 0) {
      this.#shape += "0"
      return { kind: "not", item: inside({}) }
    }
    return inside(rest.length > 0 ? { [rest.join(".")]: value } : asRelated(value, target))
  }

  #field(field: FieldInfo, value: unknown, path: string): Condition {
    if (field.type !== "json" && isFilter(value)) {
      const entries = Object.entries(value).filter(([, operand]) => operand !== undefined)
      if (entries.length === 0) throw new QueryInvalid(`Filter on "${path}" is empty`, path)
      // In brackets: what is negated must not look like what stands beside it.
      this.#shape += "{"
      const items = entries.map(([operator, operand]) => this.#operation(field, operator, operand, path))
      this.#shape += "}"
      return items.length === 1 ? (items[0] as Condition) : { kind: "all", items }
    }
    if (Array.isArray(value) && field.type !== "array") return this.#operation(field, "$in", value, path)
    const contains = (field.type === "array" || field.type === "json") && value !== null
    return this.#operation(field, contains ? "$contains" : "$eq", value, path)
  }

  #operation(field: FieldInfo, operator: string, operand: unknown, path: string): Condition {
    if (operator === "$not") return { kind: "not", item: this.#negated(field, operand, path) }
    if (!operators.has(operator)) throw new QueryInvalid(`Unknown operator "${operator}" on "${path}"`, path)
    this.#shape += operator
    if (operand === null) {
      if (operator !== "$eq" && operator !== "$ne")
        throw new QueryInvalid(`${operator} on "${path}" cannot be null`, path)
      this.#shape += "0"
      return { kind: "null", field, negated: operator === "$ne" }
    }
    if (operator === "$in" || operator === "$nin") return this.#membership(field, operator, operand, path)
    const value = operator === "$contains" ? containment(field, operand, path) : scalar(field, operator, operand, path)
    return { kind: "compare", field, operator: operator as Operator, value: this.#push(value) }
  }

  #negated(field: FieldInfo, operand: unknown, path: string): Condition {
    this.#shape += "!"
    return this.#field(field, operand, path)
  }

  #membership(field: FieldInfo, operator: "$in" | "$nin", operand: unknown, path: string): Condition {
    const list = Array.isArray(operand) ? operand : [operand]
    if (list.length > MAX_VALUES)
      throw new QueryInvalid(`${operator} on "${path}" takes ${MAX_VALUES} values at most`, path)
    const present = list.filter((item) => item !== null)
    const values = present.map((item) => scalar(field, operator, item, path))
    const members: Condition = { kind: "compare", field, operator, value: this.#push(values) }
    if (present.length === list.length) return members
    this.#shape += "0"
    const negated = operator === "$nin"
    return { kind: negated ? "all" : "any", items: [members, { kind: "null", field, negated }] }
  }

  #push(value: unknown): number {
    return this.values.push(value) - 1
  }
}

export const isFilter = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)

/** A relation compared with an id, or a list of them, is compared by the key of its rows. */
export const asRelated = (value: unknown, target: ResourceInfo): Readonly<Record<string, unknown>> =>
  isFilter(value) && !isOperators(value) ? value : { [target.key]: value }

const isOperators = (value: Record<string, unknown>) => Object.keys(value).some((key) => operators.has(key))

function asFilter(value: unknown, path: string): Record<string, unknown> {
  if (!isFilter(value)) throw new QueryInvalid(`${path} takes filters`, path)
  return value
}

const textual = new Set<string>(["$like", "$ilike", "$re"])

const expected: Record<FieldType, string> = {
  text: "text",
  number: "a number",
  decimal: "a decimal number",
  boolean: "true or false",
  instant: "a date (ISO 8601)",
  json: "JSON",
  array: "a list",
}

/** Checks a value against the type of its column, so that Postgres never has to refuse it. */
function scalar(field: FieldInfo, operator: string, value: unknown, path: string): unknown {
  const refuse = (): never => {
    throw new QueryInvalid(`"${path}" is compared with ${expected[field.type]}`, path)
  }
  if (textual.has(operator) && field.type !== "text") {
    throw new QueryInvalid(`${operator} works on text, and "${path}" is not`, path)
  }
  switch (field.type) {
    case "text":
      if (typeof value === "number" || typeof value === "boolean") return String(value)
      return typeof value === "string" && isKeepable(value) ? value : refuse()
    case "number":
    case "decimal":
      if (typeof value === "number" ? Number.isFinite(value) : isDecimal(value)) return String(value)
      return refuse()
    case "boolean":
      if (value === true || value === "true") return true
      return value === false || value === "false" ? false : refuse()
    case "instant":
      return instant(value) ?? refuse()
    default:
      return refuse()
  }
}

const isDecimal = (value: unknown) => typeof value === "string" && /^-?\d{1,30}(\.\d{1,30})?$/.test(value)

function instant(value: unknown): string | undefined {
  if (typeof value !== "string" && !(value instanceof Date)) return undefined
  if (typeof value === "string" && !/^\d{4}-\d{2}-\d{2}([T ][\d:.]{5,15}(Z|[+-]\d{2}:?\d{2})?)?$/.test(value))
    return undefined
  // A time without a zone is UTC, wherever the server stands.
  const local = typeof value === "string" && value.length > 10 && !/(Z|[+-]\d{2}:?\d{2})$/.test(value)
  const date = new Date(local ? `${value}Z` : value)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

function containment(field: FieldInfo, value: unknown, path: string): unknown {
  if (faultIn(value) !== undefined) throw new QueryInvalid(`"${path}" is compared with a text that cannot be`, path)
  if (field.type === "json") return JSON.stringify(value)
  if (field.type !== "array")
    throw new QueryInvalid(`$contains works on lists and JSON, and "${path}" is neither`, path)
  const list = Array.isArray(value) ? value : [value]
  if (!list.every((item) => typeof item === "string")) throw new QueryInvalid(`"${path}" is a list of texts`, path)
  return list
}

/** The words of a free text, but for those of signs alone. */
function searchWords(text: string): string[] {
  return text
    .replaceAll("\0", " ")
    .toWellFormed()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, MAX_WORDS)
}

/** A `tsquery` that finds a word and what begins with it. */
const prefixQuery = (word: string): string => `'${word.replaceAll("\\", "\\\\").replaceAll("'", "''")}':*`
