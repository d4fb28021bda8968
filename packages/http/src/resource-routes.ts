import {
  MAX_LIMIT,
  NotFound,
  Query,
  ResourceRegistry,
  type AnyRead,
  type AnySelection,
  type NamedRead,
  type RawPage,
  type ReadOptions,
} from "@marquetry/kernel"
import { z } from "zod"
import { FieldReader, type FieldRules } from "./fields.ts"
import { listQuery, readList, type ListRules } from "./list-query.ts"
import { RawJson, type HandlerContext, type ResourceAnswer, type RouteSchemas } from "./route.ts"

/** How a resource is read over HTTP. */
export interface ResourceReads<Identity> {
  readonly resource: string
  /** Key of one row in the answer, and of many: `product`, `products`. */
  readonly singular: string
  readonly plural: string
  /** The default set, in the notation of `fields`. */
  readonly defaults: string
  readonly maxDepth?: number
  readonly hidden?: ReadonlySet<string>
  /** What may be selected of some resources: see `FieldRules`. */
  readonly only?: NonNullable<FieldRules["only"]>
  readonly list: ListRules
  /** Parameters that reading one row takes besides `fields`. */
  readonly extra?: Readonly<Record<string, z.ZodType>>
  /** Whether reading one row takes the filters of the list too: the row must meet them. */
  readonly filtersOne?: boolean
  /** What this caller may see, and what computed fields are told. */
  readonly prepare?: (context: Reading<Identity>) => Promise<Preparation> | Preparation
}

/** What {@link ResourceReads.prepare} knows: the request, and its checked query string. */
export type Reading<Identity> = Pick<
  HandlerContext<Identity, undefined, undefined, undefined>,
  "identity" | "resolve" | "header"
> & {
  readonly query: Readonly<Record<string, unknown>>
  /** What the request selects. */
  readonly fields: AnySelection
}

/** `context` is told to computed fields where there is no `settle`. */
export interface Preparation extends Pick<ReadOptions, "scope" | "context"> {
  /** Reads that are made in the same statement. */
  readonly beside?: readonly NamedRead[]
  /**
   * Gets what the reads beside answered, in order, before anything of the answer is seen. Refuses by throwing, and
   * answers what computed fields are told.
   */
  readonly settle?: (rows: Record<string, unknown>[][]) => Promise<ReadOptions["context"]> | ReadOptions["context"]
}

const anyParameters = z.object({ id: z.string().max(200) })

/** A read route in two halves, for `get(path, schemas, handle)`. */
interface ReadRoute<Identity, Params extends z.ZodType | undefined> {
  readonly schemas: RouteSchemas<Params, z.ZodType, undefined>
  readonly handle: (context: HandlerContext<Identity, Params, z.ZodType, undefined>) => Promise<RawJson>
}

/** Lists a resource: `{ products: [], count, offset, limit }`. */
export function listRoute<Identity>(reads: ResourceReads<Identity>): ReadRoute<Identity, undefined> {
  const schema = listQuery(reads.list)
  const fieldsOf = readerOf(reads)
  return {
    schemas: {
      summary: `Lists ${reads.plural.replaceAll("_", " ")}`,
      query: schema,
      response: answer(reads, reads.plural, true),
    },
    handle: async (context) => {
      const request = readList(context.query as Record<string, unknown>, reads.list)
      const page = await readPrepared(reads, fieldsOf, context, request)
      const { count } = page
      return new RawJson(
        `{"${reads.plural}":${page.rows},"count":${count},"offset":${request.offset},"limit":${request.limit}}`,
      )
    },
  }
}

/** Reads one row by its key: `{ product: {} }`, 404 when this caller may not see it. */
export function getRoute<Identity>(reads: ResourceReads<Identity>): ReadRoute<Identity, typeof anyParameters> {
  const { filters } = reads.list
  const schema =
    reads.filtersOne === true
      ? listQuery({ limit: 1, filters, ...(reads.extra && { extra: reads.extra }) }).omit({
          limit: true,
          offset: true,
          order: true,
        })
      : z.strictObject({ fields: z.string().max(10_000).optional(), ...reads.extra })
  const fieldsOf = readerOf(reads)
  return {
    schemas: {
      summary: `Reads one of ${reads.plural.replaceAll("_", " ")}`,
      params: anyParameters,
      query: schema,
      response: answer(reads, reads.singular, false),
    },
    handle: async (context) => {
      const { id } = context.params
      const { key } = context.resolve<ResourceRegistry>(ResourceRegistry).resource(reads.resource)
      const asked =
        reads.filtersOne === true ? readList(context.query as Record<string, unknown>, reads.list) : undefined
      const page = await readPrepared(reads, fieldsOf, context, {
        filter: { $and: [{ [key]: id }, asked?.filter ?? {}] },
        q: asked?.q,
        limit: 1,
        count: false,
      })
      if (page.rows === "[]") throw new NotFound(labelOf(reads.singular), id)
      return new RawJson(`{"${reads.singular}":${page.rows.slice(1, -1)}}`)
    },
  }
}

/** How a route answers one row that it has changed. */
export interface RowAnswer<Identity> {
  /** `fields`, for the query string of the route. */
  readonly query: z.ZodType
  readonly response: ResourceAnswer
  /**
   * Rows as the request selects them, in JSON, in order of their keys; those that there are not are left out.
   *
   * @param told to computed fields, where `prepare` does not say it.
   */
  readonly rows: (
    context: RowContext<Identity>,
    ids: readonly string[],
    told?: NonNullable<ReadOptions["context"]>,
  ) => Promise<string>
  /** The row as the request selects it, in JSON. @throws {NotFound} */
  readonly row: (context: RowContext<Identity>, id: string) => Promise<string>
  /**
   * Refuses `fields` that the answer cannot have, before anything is done. Routes whose `response` is this one's need not
   * call it.
   *
   * @throws {InvalidRequest}
   */
  readonly check: (context: Pick<RowContext<Identity>, "resolve" | "query">) => void
  /** The row in its envelope: `{ "cart": {} }`. @throws {NotFound} */
  readonly send: (context: RowContext<Identity>, id: string) => Promise<RawJson>
}

type RowContext<Identity> = Pick<
  HandlerContext<Identity, undefined, undefined, undefined>,
  "identity" | "resolve" | "header"
> & { readonly query: unknown }

/** For routes that change a row and answer it: what {@link getRoute} does, from the primary database. */
export function rowAnswer<Identity>(reads: Omit<ResourceReads<Identity>, "list" | "plural">): RowAnswer<Identity> {
  const whole = { ...reads, plural: reads.singular, list: { limit: 1, filters: {} } }
  const fieldsOf = readerOf(whole)
  const rows: RowAnswer<Identity>["rows"] = async (context, ids, told) => {
    const { key } = context.resolve<ResourceRegistry>(ResourceRegistry).resource(reads.resource)
    const request = { filter: { [key]: ids }, limit: MAX_LIMIT, count: false, replica: false }
    return (await readPrepared(whole, fieldsOf, context, request, told)).rows
  }
  const row = async (context: RowContext<Identity>, id: string): Promise<string> => {
    const found = await rows(context, [id])
    if (found === "[]") throw new NotFound(labelOf(reads.singular), id)
    return found.slice(1, -1)
  }
  return {
    query: z.strictObject({ fields: z.string().max(10_000).optional(), ...reads.extra }),
    response: answer(whole, reads.singular, false),
    rows,
    row,
    check: ({ resolve, query }) => {
      fieldsOf(resolve<ResourceRegistry>(ResourceRegistry), (query as { fields?: unknown }).fields)
    },
    send: async (context, id) => new RawJson(`{"${reads.singular}":${await row(context, id)}}`),
  }
}

type FieldsOf = (registry: ResourceRegistry, fields?: unknown) => AnySelection

/** Makes the read of a route, as its caller is entitled to it. */
async function readPrepared<Identity>(
  { resource, hidden, prepare }: ResourceReads<Identity>,
  fieldsOf: FieldsOf,
  context: RowContext<Identity>,
  request: Omit<AnyRead, "fields">,
  told: NonNullable<ReadOptions["context"]> = {},
): Promise<RawPage> {
  const { identity, resolve, header } = context
  const query = context.query as Readonly<Record<string, unknown>>
  const fields = fieldsOf(resolve<ResourceRegistry>(ResourceRegistry), query["fields"])
  const prepared = (await prepare?.({ identity, resolve, header, query, fields })) ?? {}
  const { beside = [], settle = () => prepared.context ?? told, scope } = prepared
  const read: AnyRead = {
    replica: true,
    ...request,
    fields,
    names: "wire",
    unknown: "drop",
    ...(scope && { scope }),
    ...(hidden && { hidden }),
  }
  return resolve<Query>(Query).listRawBeside(resource, read, beside, settle)
}

/** Field readers know the resources of one composition. */
function readerOf(rules: Omit<ResourceReads<never>, "prepare">): FieldsOf {
  const readers = new WeakMap<ResourceRegistry, FieldReader>()
  return (registry, fields) => {
    let reader = readers.get(registry)
    if (reader === undefined) {
      reader = new FieldReader(registry, fieldRules(rules))
      readers.set(registry, reader)
    }
    return reader.read(typeof fields === "string" ? fields : undefined)
  }
}

function fieldRules(reads: Omit<ResourceReads<never>, "prepare">): FieldRules {
  const { resource, defaults, maxDepth = 3, hidden, only } = reads
  return { resource, defaults: defaults.split(","), maxDepth, ...(hidden && { hidden }), ...(only && { only }) }
}

function answer<Identity>(reads: ResourceReads<Identity>, key: string, list: boolean): ResourceAnswer {
  const fieldsOf = readerOf(reads as never)
  return { key, resource: reads.resource, list, fields: fieldsOf }
}

const labelOf = (name: string) => {
  const words = name.replaceAll("_", " ")
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
