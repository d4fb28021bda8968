import type { DependencyContainer } from "../module/container.ts"
import { DatabaseError } from "pg"
import type { Database } from "../database/database.ts"
import { NotFound } from "../errors.ts"
import { Compiler, type Compiled, type OrderTerm, type Shape } from "./compile.ts"
import { readCursor, writeCursor } from "./cursor.ts"
import { QueryInvalid } from "./errors.ts"
import { complete } from "./fill.ts"
import { FilterReader, type Condition } from "./filter.ts"
import type { ResourceRegistry } from "./registry.ts"
import { keyPropertyOf, type AnyResource, type Resource, type ResourceInfo } from "./resource.ts"
import { isComplete, keyOf, readSelection, type Level } from "./selection.ts"
import type { AnyFilter, AnySelection, Direction, Filter, Selected, Selection } from "./types.ts"

/** How a read looks at rows, whatever resource it reads. */
export interface ReadOptions {
  /** Told to computed fields. */
  readonly context?: Readonly<Record<string, unknown>>
  /** Filters by resource name that hold wherever in the answer the resource occurs: what this caller may see. */
  readonly scope?: Readonly<Record<string, AnyFilter>>
  /** Rows that are deleted but can be restored come too (of the root resource). */
  readonly withDeleted?: boolean
  /** A replica may answer, and lag behind. */
  readonly replica?: boolean
}

export interface ListOptions extends ReadOptions {
  /** Free text: every word must begin a word of the searched columns. */
  readonly q?: string | undefined
  /** Field, or `relation.field` through to-one relations. Ties are ordered by id, as is everything without an order. */
  readonly order?: Readonly<Record<string, Direction>>
  /** 50 unless said; at most {@link MAX_LIMIT}. */
  readonly limit?: number
  readonly offset?: number
  /** A cursor of the page before, or `null` for the first page: asks for `next`. */
  readonly after?: string | null
  /** `false` spares the count. */
  readonly count?: boolean
}

export interface Page<Row> {
  readonly rows: Row[]
  /** How many match, on all pages; 0 when not asked for. */
  readonly count: number
  /** Cursor of the next page; `null` on the last, or when `after` was not given. */
  readonly next: string | null
}

/** A page as Postgres wrote it, for whoever passes it on as it is. */
export interface RawPage {
  /** A JSON array. */
  readonly rows: string
  readonly count: number
  readonly next: string | null
}

/** A read whose resource is only known when it runs; names may be those of the wire. */
export interface AnyRead extends ListOptions {
  readonly fields: AnySelection
  readonly filter?: AnyFilter | undefined
  readonly names?: "property" | "wire"
  /** What to do with selected fields that there are not. */
  readonly unknown?: "refuse" | "drop"
  /** Resources that the filter and the order may not reach: what this caller must not learn of. */
  readonly hidden?: ReadonlySet<string>
}

export const DEFAULT_LIMIT = 50
export const MAX_LIMIT = 10_000
const MAX_OFFSET = 1_000_000_000
const CACHED_STATEMENTS = 1_000

interface Answer {
  rows: string
  count?: number
  last?: (string | null)[] | null
}

/** Reads resources of all modules of a composition: one statement per database, whatever the selection. */
export class Query {
  readonly #registry: ResourceRegistry
  readonly #container: DependencyContainer
  readonly #compiled = new Map<string, Compiled>()

  constructor(registry: ResourceRegistry, container: DependencyContainer) {
    this.#registry = registry
    this.#container = container
  }

  /** A page of rows, typed by the selection. @throws {QueryInvalid} */
  async list<Entity, Name extends string, const Chosen extends Selection<Entity, Name>>(
    resource: Resource<Entity, Name>,
    read: ListOptions & {
      readonly fields: Chosen
      readonly filter?: Filter<NoInfer<Entity>, NoInfer<Name>> | undefined
    },
  ): Promise<Page<Selected<Entity, Chosen, Name>>> {
    return this.listAny(resource.name, read as AnyRead) as Promise<Page<Selected<Entity, Chosen, Name>>>
  }

  /** The first row that meets the filter, or `null`. @throws {QueryInvalid} */
  async find<Entity, Name extends string, const Chosen extends Selection<Entity, Name>>(
    resource: Resource<Entity, Name>,
    read: ReadOptions & { readonly fields: Chosen; readonly filter: Filter<NoInfer<Entity>, NoInfer<Name>> },
  ): Promise<Selected<Entity, Chosen, Name> | null> {
    const { rows } = await this.list(resource, { ...read, limit: 1, count: false })
    return rows[0] ?? null
  }

  /** The row of that id. @throws {NotFound} {@link QueryInvalid} */
  async get<Entity, Name extends string, const Chosen extends Selection<Entity, Name>>(
    resource: Resource<Entity, Name>,
    id: string,
    read: ReadOptions & { readonly fields: Chosen },
  ): Promise<Selected<Entity, Chosen, Name>> {
    const { key } = this.#registry.resource(resource.name)
    const row = await this.find(resource, { ...read, filter: { [key]: id } as Filter<Entity, Name> })
    if (row === null) throw new NotFound(labelOf(resource), id)
    return row
  }

  /** Like {@link list}, for resources and selections that come from outside. */
  async listAny(resource: string, read: AnyRead): Promise<Page<Record<string, unknown>>> {
    const { answer, level, options } = await this.#run(resource, read)
    const rows = JSON.parse(answer.rows) as Record<string, unknown>[]
    if (!isComplete(level)) await this.#complete(level, rows, read)
    return { rows, count: answer.count ?? 0, next: nextOf(answer, rows.length, options) }
  }

  /**
   * Like {@link listAny}, as JSON. What Postgres wrote is passed on without being parsed, unless the selection has
   * computed fields or reaches into another database.
   */
  async listRaw(resource: string, read: AnyRead): Promise<RawPage> {
    const { answer, level, options } = await this.#run(resource, read)
    const count = answer.count ?? 0
    if (isComplete(level) && !options.cursor) return { rows: answer.rows, count, next: null }
    const rows = JSON.parse(answer.rows) as Record<string, unknown>[]
    if (!isComplete(level)) await this.#complete(level, rows, read)
    return { rows: JSON.stringify(rows), count, next: nextOf(answer, rows.length, options) }
  }

  async #complete(level: Level, rows: Record<string, unknown>[], read: AnyRead): Promise<void> {
    await complete(level, rows, {
      names: read.names ?? "property",
      container: this.#container,
      context: read.context ?? {},
      fetch: async (name, ids, selection) => {
        const page = await this.listAny(name, {
          ...remoteOptions(read),
          fields: selection,
          filter: { [this.#registry.resource(name).key]: ids },
          limit: MAX_LIMIT,
          count: false,
        })
        return page.rows
      },
    })
  }

  async #run(name: string, read: AnyRead) {
    const options = pagingOf(read)
    const resource = this.#registry.resource(name)
    const level = readSelection(this.#registry, resource, read.fields, read.unknown ?? "refuse")
    const reader = new FilterReader((target) => this.#registry.resource(target), read.hidden)
    const filter = await this.#registry.localise(resource, read.filter, (other, where) => this.#idsOf(other, where))
    const where = this.#where(reader, resource, filter, read.q)
    const scopes = new Map<string, Condition>()
    for (const [scoped, condition] of Object.entries(read.scope ?? {})) {
      scopes.set(scoped, reader.readScope(this.#registry.resource(scoped), condition))
    }
    const order = orderOf(this.#registry, resource, read.order ?? {}, read.hidden)
    const cursor = typeof read.after === "string" ? readCursor(read.after, order.length) : undefined
    const values = [...reader.values, options.limit, options.offset, ...(cursor ?? [])]
    const limit = reader.values.length
    const after = cursor?.map((value, index) => (value === null ? null : limit + 2 + index))
    const names = read.names ?? "property"
    const flags = `${names}${read.withDeleted ? "d" : ""}${options.count ? "c" : ""}${options.cursor ? "n" : ""}`
    const seen = after?.map((value) => (value === null ? "0" : "v")).join("")
    const key = [keyOf(level), reader.shape, [...scopes.keys()].join(), orderKey(order), flags, seen].join("|")
    const compiled = this.#compile(key, {
      level,
      where,
      scopes,
      order,
      names,
      after,
      limit,
      offset: limit + 1,
      withDeleted: read.withDeleted ?? false,
      count: options.count,
      wantsCursor: options.cursor,
    })
    const answer = await this.#send(name, compiled, values, read.replica ?? false)
    return { answer, level, options }
  }

  #where(
    reader: FilterReader,
    resource: ResourceInfo,
    filter: AnyFilter,
    q: string | undefined,
  ): Condition | undefined {
    const conditions = [reader.read(resource, filter)]
    const search = q === undefined ? undefined : reader.search(q)
    if (search !== undefined) conditions.push(search)
    return { kind: "all", items: conditions }
  }

  #compile(key: string, shape: Shape): Compiled {
    let compiled = this.#compiled.get(key)
    if (compiled === undefined) {
      compiled = new Compiler(shape, (target) => this.#registry.resource(target)).compile()
      if (this.#compiled.size >= CACHED_STATEMENTS) this.#compiled.delete(this.#compiled.keys().next().value as string)
    } else {
      this.#compiled.delete(key)
    }
    this.#compiled.set(key, compiled)
    return compiled
  }

  async #send(resource: string, { text, binding }: Compiled, values: unknown[], replica: boolean): Promise<Answer> {
    const database: Database = this.#registry.databaseOf(resource)
    const bound = binding.map((index) => values[index])
    const rows = await (
      replica ? database.sqlFromReplica<Answer>(text, bound) : database.sql<Answer>(text, bound)
    ).catch(refuse)
    return rows[0] as Answer
  }

  /** Ids of rows in another database that a filter reaches into. */
  async #idsOf(resource: string, filter: AnyFilter): Promise<string[]> {
    const key = keyPropertyOf(this.#registry.resource(resource))
    const { rows } = await this.listAny(resource, { fields: { [key]: true }, filter, limit: MAX_LIMIT, count: false })
    if (rows.length === MAX_LIMIT) {
      throw new QueryInvalid(`A filter on ${resource}, which is in another database, matches too many rows`, resource)
    }
    return rows.map((row) => row[key] as string)
  }
}

const remoteOptions = ({ context, scope, names, unknown, replica }: AnyRead) => ({
  ...(context && { context }),
  ...(scope && { scope }),
  ...(names && { names }),
  ...(unknown && { unknown }),
  ...(replica && { replica }),
})

function pagingOf({ limit = DEFAULT_LIMIT, offset = 0, count = true, after }: AnyRead) {
  if (!Number.isInteger(limit) || limit < 0 || limit > MAX_LIMIT) {
    throw new QueryInvalid(`limit is a whole number from 0 to ${MAX_LIMIT}`, "limit")
  }
  if (!Number.isInteger(offset) || offset < 0 || offset > MAX_OFFSET) {
    throw new QueryInvalid(`offset is a whole number from 0 to ${MAX_OFFSET}`, "offset")
  }
  return { limit, offset, count, cursor: after !== undefined }
}

function nextOf(answer: Answer, rows: number, options: { cursor: boolean; limit: number }): string | null {
  return options.cursor && rows === options.limit && answer.last ? writeCursor(answer.last) : null
}

function orderOf(
  registry: ResourceRegistry,
  root: ResourceInfo,
  order: Readonly<Record<string, Direction>>,
  hidden?: ReadonlySet<string>,
): OrderTerm[] {
  return Object.entries(order).map(([path, direction]) => {
    let resource = root
    const steps = path.split(".")
    const through: { join: OrderTerm["through"][number]["join"]; resource: ResourceInfo }[] = []
    for (const step of steps.slice(0, -1)) {
      const relation = resource.relations.get(step)
      const seen = relation !== undefined && !relation.many && hidden?.has(relation.target) !== true
      if (!seen || registry.apart(resource.name, relation.target)) {
        throw new QueryInvalid(`${root.name} cannot be ordered by "${path}"`, path)
      }
      resource = registry.resource(relation.target)
      through.push({ join: relation.join, resource })
    }
    const field = resource.fields.get(steps.at(-1) as string)
    if (field === undefined || field.type === "json" || field.type === "array") {
      throw new QueryInvalid(`${root.name} cannot be ordered by "${path}"`, path)
    }
    if (direction !== "asc" && direction !== "desc") throw new QueryInvalid(`"${path}" is ordered asc or desc`, path)
    return { field, through, descending: direction === "desc" }
  })
}

const orderKey = (order: readonly OrderTerm[]) =>
  order
    .map(({ field, through, descending }) => {
      const steps = through.map(({ resource }) => resource.name)
      return `${[...steps, field.column].join(".")}${descending ? "-" : "+"}`
    })
    .join()

const labelOf = ({ name }: AnyResource | { name: string }) =>
  name
    .split("_")
    .map((word, index) => (index === 0 ? `${word.charAt(0).toUpperCase()}${word.slice(1)}` : word))
    .join(" ")

/** Values that passed our checks and that Postgres refuses all the same: a broken regular expression, a number too large. */
function refuse(error: unknown): never {
  if (error instanceof DatabaseError || typeof (error as { code?: unknown }).code === "string") {
    const { code, message } = error as { code: string; message: string }
    if (/^22|^2201B/.test(code)) throw new QueryInvalid(`The filter cannot be evaluated: ${message}`, "filter")
  }
  throw error
}
