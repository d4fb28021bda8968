import { MAX_LIMIT, type AnyFilter, type Direction } from "@marquetry/kernel"
import { z } from "zod"
import { InvalidRequest } from "./errors.ts"

const operators = [
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
] as const

/** A query parameter that filters: what it is compared with, and which field of the resource it is about. */
export interface FilterParameter {
  readonly schema: z.ZodType
  readonly path: string | undefined
  /** What it asks for, where that is more than one field. */
  readonly condition?: (value: unknown) => AnyFilter
}

/** One element may hold a list with commas. */
const values = z
  .union([z.string(), z.array(z.string()).max(MAX_LIMIT)])
  .transform((value) => (Array.isArray(value) && value.length === 1 ? (value[0] as string).split(",") : value))

const operand = z.union([z.string(), z.array(z.string()).max(MAX_LIMIT)])
const operatorMap = z.partialRecord(
  z.enum([...operators, "$not"]),
  z.union([operand, z.partialRecord(z.enum(operators), operand)]),
)

// Lists have hundreds of parameters of few kinds: their schemas are made once.
const compared = z.union([values, operatorMap])
const filtered = z.record(z.string(), z.unknown())
const yesOrNo = z.enum(["true", "false"])

/** Compares by equality: a value, or any of several. @param path the field it is about, if it has another name. */
export const equals = (path?: string): FilterParameter => ({ schema: values, path })

/** Takes operator maps too: `created_at[$gt]=2026-01-01`. */
export const compares = (path?: string): FilterParameter => ({ schema: compared, path })

/** Filters of a relation, checked by the query engine: `variants[sku]=…`. */
export const nested = (path?: string): FilterParameter => ({ schema: filtered, path })

/** Asks yes or no, of what no column says. @param condition what rows must meet for yes. */
export const asks = (condition: AnyFilter): FilterParameter => ({
  schema: yesOrNo,
  path: undefined,
  condition: (value) => (value === "true" ? condition : { $not: condition }),
})

export interface ListRules {
  /** Page size unless said. */
  readonly limit: number
  readonly filters: Readonly<Record<string, FilterParameter>>
  /** Further parameters that are no filters. */
  readonly extra?: Readonly<Record<string, z.ZodType>>
  /** Whether `$and` and `$or` take lists of filters. */
  readonly logic?: boolean
}

const wholeNumber = (maximum: number) =>
  z
    .string()
    .transform((text, context) => {
      const number = Number(text)
      if (/^-?\d+$/.test(text)) return number
      context.issues.push({ code: "invalid_type", expected: "number", input: text })
      return z.NEVER
    })
    .pipe(z.number().min(0).max(maximum))
    // For the documentation: in a query string everything is text.
    .meta({ type: "integer", minimum: 0, maximum })

const paging = {
  fields: z.string().max(10_000).optional(),
  limit: wholeNumber(MAX_LIMIT).optional(),
  offset: wholeNumber(1_000_000_000).optional(),
  order: z.string().max(200).optional(),
  q: z.string().max(500).optional(),
}
const logic = { $and: z.array(z.unknown()).optional(), $or: z.array(z.unknown()).optional() }

const optionals = new WeakMap<z.ZodType, z.ZodType>()
function optional(schema: z.ZodType): z.ZodType {
  const known = optionals.get(schema) ?? schema.optional()
  optionals.set(schema, known)
  return known
}

/** The schema of a list's query string. */
export function listQuery(rules: ListRules): z.ZodObject<Record<string, z.ZodType>, z.core.$strict> {
  return z.strictObject({ ...paging, ...rules.extra, ...filtersOf(rules) })
}

const filtersOf = (rules: ListRules): Record<string, z.ZodType> => ({
  ...Object.fromEntries(Object.entries(rules.filters).map(([name, { schema }]) => [name, optional(schema)])),
  ...(rules.logic === true && logic),
})

/** A query string that was checked, as the query engine takes it. */
export interface ListRequest {
  readonly filter: AnyFilter
  readonly order: Record<string, Direction>
  readonly limit: number
  readonly offset: number
  readonly q: string | undefined
}

/** Takes what the schema of {@link listQuery} let through apart. @throws {InvalidRequest} */
export function readList(query: Readonly<Record<string, unknown>>, rules: ListRules): ListRequest {
  return {
    filter: readFilters(query, rules),
    order: readOrder(query["order"] as string | undefined),
    limit: (query["limit"] as number | undefined) ?? rules.limit,
    offset: (query["offset"] as number | undefined) ?? 0,
    q: query["q"] as string | undefined,
  }
}

function readFilters(query: Readonly<Record<string, unknown>>, rules: ListRules): AnyFilter {
  const filter: Record<string, unknown> = {}
  const conditions: AnyFilter[] = []
  for (const [name, { path, condition }] of Object.entries(rules.filters)) {
    const value = query[name]
    if (value === undefined) continue
    if (condition === undefined) filter[path ?? name] = meant(value)
    else conditions.push(condition(value))
  }
  for (const key of ["$and", "$or"]) {
    const list = query[key]
    if (Array.isArray(list)) filter[key] = list.map((item) => readNested(item, rules))
  }
  return conditions.length === 0 ? filter : { $and: [filter, ...conditions] }
}

const nestedSchemas = new WeakMap<ListRules, z.ZodType>()

/** Filters inside `$and` and `$or` are held to the same parameters. */
function readNested(item: unknown, rules: ListRules): AnyFilter {
  const schema = nestedSchemas.get(rules) ?? z.strictObject(filtersOf(rules))
  nestedSchemas.set(rules, schema)
  const result = schema.safeParse(item)
  if (!result.success) throw new InvalidRequest(["'$and' and '$or' take lists of filters of this list"])
  return readFilters(result.data as Record<string, unknown>, rules)
}

/** In a query string everything is text: `parent_category_id=null` asks for the roots. */
function meant(value: unknown): unknown {
  if (value === "null") return null
  if (Array.isArray(value)) return value.map(meant)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, meant(inner)]))
}

/** `-created_at` is descending; several fields are joined by commas. */
function readOrder(order: string | undefined): Record<string, Direction> {
  const fields = (order ?? "").split(",").map((field) => field.trim())
  return Object.fromEntries(
    fields
      .filter((field) => field !== "")
      .map((field) => (field.startsWith("-") ? [field.slice(1), "desc"] : [field.replace(/^\+/, ""), "asc"])),
  )
}
