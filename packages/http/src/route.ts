import type { AnySelection, DependencyContainer, InjectionToken, ResourceRegistry } from "@marquetry/kernel"
import type { z } from "zod"

export type Method = "GET" | "POST" | "DELETE"

/** What a guard and a handler know of a request, whatever its route. */
export interface RequestInfo {
  readonly id: string
  readonly method: string
  readonly url: string
  /** Of the client; from a forwarding header only where the proxy is trusted. */
  readonly ip: string
  readonly header: (name: string) => string | undefined
  readonly resolve: <T>(token: InjectionToken<T>) => T
  readonly container: DependencyContainer
}

/** Lets a request pass and says who it is, or throws. Runs before the request is checked against its schemas. */
export type Guard<Identity = unknown> = (request: RequestInfo) => Promise<Identity> | Identity

/** JSON that is ready to be sent. */
export class RawJson {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : Readonly<Record<string, never>>

export interface HandlerContext<Identity, Params, Query, Body> extends RequestInfo {
  /** What the guard said. */
  readonly identity: Identity
  readonly params: Parsed<Params>
  readonly query: Parsed<Query>
  /** In camelCase, checked. */
  readonly body: Parsed<Body>
  /** Sets a status other than 200. */
  readonly status: (code: number) => void
  readonly setHeader: (name: string, value: string) => void
}

/** Documents an answer that the query engine makes: its schema comes from the resource. */
export interface ResourceAnswer {
  readonly key: string
  readonly resource: string
  readonly list: boolean
  readonly fields: (registry: ResourceRegistry) => AnySelection
}

export interface RouteSchemas<Params, Query, Body> {
  /** A line for the documentation. */
  readonly summary: string
  readonly description?: string
  readonly params?: Params
  readonly query?: Query
  /** In camelCase; the wire's names are derived from it. */
  readonly body?: Body
  /** Documents and types the answer, in camelCase; tests hold answers against it. */
  readonly response?: z.ZodType | ResourceAnswer
}

/** One route, ready to be served. */
export interface Route {
  readonly method: Method
  readonly path: string
  readonly guard: Guard | undefined
  readonly schemas: RouteSchemas<z.ZodType | undefined, z.ZodType | undefined, z.ZodType | undefined>
  readonly handle: (context: HandlerContext<unknown, undefined, undefined, undefined>) => unknown
}

type Declare<Identity> = <
  Params extends z.ZodType | undefined = undefined,
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  path: string,
  schemas: RouteSchemas<Params, Query, Body>,
  handle: (context: HandlerContext<Identity, Params, Query, Body>) => unknown,
) => void

interface Verbs<Identity> {
  readonly get: Declare<Identity>
  readonly post: Declare<Identity>
  readonly delete: Declare<Identity>
}

/**
 * Declares the routes below one path.
 *
 * @param options.guard passes or refuses each request before anything else of it is looked at.
 */
export function routes<Identity = undefined>(
  prefix: string,
  options: { readonly guard?: Guard<Identity> },
  declare: (verbs: Verbs<Identity>) => void,
): Route[] {
  const declared: Route[] = []
  const verb =
    (method: Method): Declare<Identity> =>
    (path, schemas, handle) => {
      declared.push({
        method,
        path: path === "/" ? prefix : `${prefix}${path}`,
        guard: options.guard,
        schemas,
        handle: handle as Route["handle"],
      })
    }
  declare({ get: verb("GET"), post: verb("POST"), delete: verb("DELETE") })
  return declared
}
