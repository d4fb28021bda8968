import {
  NotFound,
  Query,
  ResourceRegistry,
  type AnyFilter,
  type DependencyContainer,
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
}

export interface Preparation extends Pick<ReadOptions, "context" | "scope"> {
  /** Added to the filter of the request. */
  readonly filter?: AnyFilter
  /** Added to what the request selects. */
  readonly fields?: readonly string[]
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
      const query = context.query as Record<string, unknown>
      const request = readList(query, reads.list)
      const { filter, fields, ...options } = await prepared(reads, context, query)
      const page = await context.resolve<Query>(Query).listRaw(reads.resource, {
        ...options,
        ...request,
        filter: filter === undefined ? request.filter : { $and: [filter, request.filter] },
        fields: fieldsOf(context.container, query["fields"], fields),
        ...wireRead(reads),
      })
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
      const query = context.query as Record<string, unknown>
      const { id } = context.params
      const { key } = context.resolve<ResourceRegistry>(ResourceRegistry).resource(reads.resource)
      const { filter, fields, ...options } = await prepared(reads, context, query)
      const asked = reads.filtersOne === true ? readList(query, reads.list).filter : {}
      const page = await context.resolve<Query>(Query).listRaw(reads.resource, {
        ...options,
        filter: { $and: [{ [key]: id }, asked, filter ?? {}] },
        fields: fieldsOf(context.container, query["fields"], fields),
        limit: 1,
        count: false,
        ...wireRead(reads),
      })
      if (page.rows === "[]") throw new NotFound(labelOf(reads.singular), id)
      return new RawJson(`{"${reads.singular}":${page.rows.slice(1, -1)}}`)
    },
  }
}

/** How every read over HTTP is made. */
const wireRead = ({ hidden }: Pick<ResourceReads<never>, "hidden">) =>
  ({ names: "wire", unknown: "drop", replica: true, ...(hidden && { hidden }) }) as const

function prepared<Identity>(
  reads: ResourceReads<Identity>,
  {
    identity,
    resolve,
    header,
  }: Pick<HandlerContext<Identity, undefined, undefined, undefined>, "identity" | "resolve" | "header">,
  query: Readonly<Record<string, unknown>>,
): Promise<Preparation> | Preparation {
  return reads.prepare?.({ identity, resolve, header, query }) ?? {}
}

/** Field readers know the resources of one composition. */
function readerOf(rules: Omit<ResourceReads<never>, "prepare">) {
  const readers = new WeakMap<ResourceRegistry, FieldReader>()
  return (container: DependencyContainer, fields: unknown, added: readonly string[] = []) => {
    const registry = container.resolve(ResourceRegistry)
    let reader = readers.get(registry)
    if (reader === undefined) {
      reader = new FieldReader(registry, fieldRules(rules))
      readers.set(registry, reader)
    }
    const extra = added.map((field) => `+${field}`).join()
    const chosen = typeof fields === "string" ? fields : undefined
    return reader.read(extra === "" ? chosen : [chosen ?? "", extra].join())
  }
}

function fieldRules({ resource, defaults, maxDepth = 3, hidden }: Omit<ResourceReads<never>, "prepare">): FieldRules {
  return { resource, defaults: defaults.split(","), maxDepth, ...(hidden && { hidden }) }
}

function answer<Identity>(reads: ResourceReads<Identity>, key: string, list: boolean): ResourceAnswer {
  const fieldsOf = readerOf(reads as never)
  return { key, resource: reads.resource, list, fields: (container) => fieldsOf(container, undefined) }
}

const labelOf = (name: string) => {
  const words = name.replaceAll("_", " ")
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
