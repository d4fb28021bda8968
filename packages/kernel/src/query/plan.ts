import type { Database } from "../database/database.ts"
import { Compiler, type Compiled, type OrderTerm } from "./compile.ts"
import { readCursor } from "./cursor.ts"
import { QueryInvalid } from "./errors.ts"
import { FilterReader, type Condition } from "./filter.ts"
import { DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET, type AnyRead } from "./read.ts"
import type { ResourceRegistry } from "./registry.ts"
import type { ResourceInfo } from "./resource.ts"
import { keyOf, readPath, readSelection, type Level } from "./selection.ts"
import type { AnyFilter, AnySelection, Direction } from "./types.ts"

/** A read that was checked and compiled, with the values of this time. */
export interface Plan {
  readonly level: Level
  readonly compiled: Compiled
  /** Equal for plans that have the same SQL. */
  readonly key: string
  readonly values: readonly unknown[]
  readonly database: Database
  readonly read: AnyRead
  readonly limit: number
  readonly wantsCursor: boolean
  /** Tells orders apart, for cursors. */
  readonly order: string
}

/** SQL that is kept; beyond, what was not used for longest is compiled again when it comes back. */
const KEPT = 1_000

/** Makes plans of reads. SQL is compiled once per shape, a selection is read once per object that states it. */
export class Planner {
  readonly #registry: ResourceRegistry
  readonly #compiled = new Map<string, Compiled>()
  readonly #levels = new WeakMap<AnySelection, Map<string, { level: Level; key: string }>>()

  constructor(registry: ResourceRegistry) {
    this.#registry = registry
  }

  /** Checks the filter of a read and does nothing else. @throws {QueryInvalid} */
  check(name: string, { filter = {}, hidden }: AnyRead): void {
    new FilterReader((target) => this.#registry.resource(target), hidden).read(this.#registry.resource(name), filter)
  }

  /** @param read with conditions on rows of other databases replaced. @throws {QueryInvalid} */
  plan(name: string, read: AnyRead): Plan {
    const { limit, offset, count } = pagingOf(read)
    const resource = this.#registry.resource(name)
    const { level, key: levelKey } = this.#level(resource, read)
    const reader = new FilterReader((target) => this.#registry.resource(target), read.hidden)
    const where = whereOf(reader, resource, read.filter ?? {}, read.q)
    const scopes = new Map<string, Condition>()
    for (const [scoped, condition] of Object.entries(read.scope ?? {})) {
      scopes.set(scoped, reader.readScope(this.#registry.resource(scoped), condition))
    }
    const order = orderOf(this.#registry, resource, read.order ?? {}, read.hidden)
    const ordered = orderKey(order)
    const cursor = typeof read.after === "string" ? readCursor(read.after, ordered, order.length) : undefined
    const position = reader.values.length
    const after = cursor?.map((value, index) => (value === null ? null : position + 1 + index))
    const names = read.names ?? "property"
    const withDeleted = read.withDeleted ?? false
    const wantsCursor = read.after !== undefined
    const flags = `${names}${withDeleted ? "d" : ""}${count ? "c" : ""}${wantsCursor ? "n" : ""}${offset > 0 ? "o" : ""}${limit}`
    const seen = after?.map((value) => (value === null ? "0" : "v")).join("")
    const key = [levelKey, reader.shape, [...scopes.keys()].join(), ordered, flags, seen].join("|")
    const compiled = this.#keep(key, () =>
      new Compiler(
        {
          level,
          where,
          scopes,
          order,
          names,
          after,
          limit,
          offset: offset > 0 ? position : undefined,
          withDeleted,
          count,
          wantsCursor,
        },
        (target) => this.#registry.resource(target),
      ).compile(),
    )
    const values = [...reader.values, offset, ...(cursor ?? [])]
    const bound = compiled.binding.map((index) => values[index])
    return {
      level,
      compiled,
      key,
      values: bound,
      database: this.#registry.databaseOf(name),
      read,
      limit,
      wantsCursor,
      order: ordered,
    }
  }

  /** Several plans in one statement, whose answers come side by side. */
  merge(plans: readonly Plan[]): Compiled {
    return this.#keep(plans.map(({ key }) => key).join("&"), () => {
      let offset = 0
      const parts = plans.map(({ compiled }, index) => {
        const text = compiled.text.replaceAll(/\$(\d+)/g, (_, number: string) => `$${Number(number) + offset}`)
        offset += compiled.binding.length
        return `a${index} as (${text})`
      })
      const answers = plans.flatMap((plan, index) =>
        columnsOf(plan).map((column) => `(select ${column} from a${index}) as ${column}${index}`),
      )
      return { text: `with ${parts.join(", ")} select ${answers.join(", ")}`, binding: [] }
    })
  }

  #keep(key: string, compile: () => Compiled): Compiled {
    let compiled = this.#compiled.get(key)
    if (compiled === undefined) {
      compiled = compile()
      if (this.#compiled.size >= KEPT) this.#compiled.delete(this.#compiled.keys().next().value as string)
    } else {
      this.#compiled.delete(key)
    }
    this.#compiled.set(key, compiled)
    return compiled
  }

  #level(resource: ResourceInfo, { fields, unknown = "refuse" }: AnyRead): { level: Level; key: string } {
    if (typeof fields !== "object" || fields === null) {
      throw new QueryInvalid(`Fields of ${resource.name} are given by name`, resource.name)
    }
    let levels = this.#levels.get(fields)
    if (levels === undefined) this.#levels.set(fields, (levels = new Map()))
    const name = `${resource.name} ${unknown}`
    let found = levels.get(name)
    if (found === undefined) {
      const level = readSelection(this.#registry, resource, fields, unknown)
      levels.set(name, (found = { level, key: keyOf(level) }))
    }
    return found
  }
}

/** What the statement of a plan answers. */
export const columnsOf = ({ read, wantsCursor }: Plan): ("rows" | "count" | "last")[] => [
  "rows",
  ...(read.count === false ? [] : (["count"] as const)),
  ...(wantsCursor ? (["last"] as const) : []),
]

function whereOf(reader: FilterReader, resource: ResourceInfo, filter: AnyFilter, q: string | undefined): Condition {
  const conditions = [reader.read(resource, filter)]
  const search = q === undefined ? undefined : reader.search(q)
  if (search !== undefined) conditions.push(search)
  return { kind: "all", items: conditions }
}

function pagingOf({ limit = DEFAULT_LIMIT, offset = 0, count = true }: AnyRead) {
  if (!Number.isInteger(limit) || limit < 0 || limit > MAX_LIMIT) {
    throw new QueryInvalid(`limit is a whole number from 0 to ${MAX_LIMIT}`, "limit")
  }
  if (!Number.isInteger(offset) || offset < 0 || offset > MAX_OFFSET) {
    throw new QueryInvalid(`offset is a whole number from 0 to ${MAX_OFFSET}`, "offset")
  }
  return { limit, offset, count }
}

function orderOf(
  registry: ResourceRegistry,
  root: ResourceInfo,
  order: Readonly<Record<string, Direction>>,
  hidden: ReadonlySet<string> | undefined,
): OrderTerm[] {
  return Object.entries(order).map(([path, direction]) => {
    const { through, field } = readPath(registry, root, path, "ordered", hidden)
    if (field.type === "json" || field.type === "array") {
      throw new QueryInvalid(`${root.name} cannot be ordered by "${path}"`, path)
    }
    if (direction !== "asc" && direction !== "desc") throw new QueryInvalid(`"${path}" is ordered asc or desc`, path)
    return { field, through, descending: direction === "desc" }
  })
}

const orderKey = (order: readonly OrderTerm[]) =>
  order
    .map(({ field, through, descending }) => {
      // By column, not by resource: a row may reach two others of one resource.
      const steps = through.map(({ join }) => (join.kind === "columns" ? join.own : join.table))
      return `${[...steps, field.column].join(".")}${descending ? "-" : "+"}`
    })
    .join()
