import type { Readable } from "node:stream"
import type { AnySelection, DependencyContainer, InjectionToken, ResourceRegistry } from "@marquetry/kernel"
import type { z } from "zod"

export type Method = "GET" | "POST" | "PUT" | "DELETE"

/** What a guard and a handler know of a request, whatever its route. */
export interface RequestInfo {
  readonly id: string
  readonly method: string
  readonly url: string
  /** Of the client; from a forwarding header only where the proxy is trusted. */
  readonly ip: string
  readonly header: (name: string) => string | undefined
  /** All headers, names in lower case: for what checks a signature over several. */
  readonly requestHeaders: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly cookie: (name: string) => string | undefined
  /** Those of the route: what its guard may ask for. */
  readonly permissions: readonly string[]
  readonly resolve: <T>(token: InjectionToken<T>) => T
  readonly container: DependencyContainer
}

/** A credential, for the documentation. `none`: without one the request passes too. */
export type SecurityScheme =
  | { readonly scheme: "bearer" | "basic" | "none" }
  | { readonly scheme: "header" | "cookie"; readonly name: string }

/** Lets a request pass and says who it is, or throws. Runs before the request is checked against its schemas. */
export interface Guard<Identity = unknown> {
  (request: RequestInfo): Promise<Identity> | Identity
  /** Any of these sets of credentials will do: see `describeGuard`. */
  readonly security?: readonly (readonly SecurityScheme[])[]
}

/** JSON that is ready to be sent. */
export class RawJson {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Content of any type, sent as it comes: the answer of a `GET`. */
export class StreamedContent {
  readonly stream: Readable
  /** In bytes. */
  readonly size: number
  /** The type among them. */
  readonly headers: Readonly<Record<string, string>>

  constructor(stream: Readable, size: number, headers: Readonly<Record<string, string>>) {
    this.stream = stream
    this.size = size
    this.headers = headers
  }
}

/** What a handler answers when the body is to be empty. */
export const noBody: unique symbol = Symbol("no body")

/** Attributes of a cookie. */
export interface CookieOptions {
  /** `/` unless said. */
  readonly path?: string
  readonly domain?: string
  /** Seconds; until the browser is closed unless said. */
  readonly maxAge?: number
  /** Whether scripts are kept from it; they are unless said. */
  readonly httpOnly?: boolean
  /** Whether it is sent over HTTPS only; so it is unless said when the request came by HTTPS. */
  readonly secure?: boolean
  /** `lax` unless said. */
  readonly sameSite?: "strict" | "lax" | "none"
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : Readonly<Record<string, never>>

/** A file of a form, as it arrives. */
export interface UploadedFile {
  readonly field: string
  /** As the client calls it: no path, and nothing to rely on. */
  readonly filename: string
  readonly mimeType: string
  /** To be read to its end, or destroyed, before the next file comes. Fails when the file is larger than the route takes. */
  readonly content: Readable
}

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
  readonly setCookie: (name: string, value: string, options?: CookieOptions) => void
  /** Makes the browser forget a cookie. Path and domain must be those that it was set with. */
  readonly clearCookie: (name: string, options?: Pick<CookieOptions, "path" | "domain">) => void
  /** The body as it was received, for checking signatures. @throws {TypeError} unless the route asks for `rawBody`. */
  readonly rawBody: Buffer
  /** The files of a form, one after the other. @throws {TypeError} unless the route asks for `files`. */
  readonly files: () => AsyncIterable<UploadedFile>
  /** The body as it arrives, of whatever type it is. @throws {TypeError} unless the route asks for `stream`. */
  readonly stream: Readable
}

/** Which files a route takes, as `multipart/form-data`. */
export interface FileRules {
  /** The name of the field. */
  readonly field: string
  /** Files at most. */
  readonly count: number
  /** Bytes of one file at most. */
  readonly size: number
}

/** Documents an answer that the query engine makes: its schema comes from the resource. */
export interface ResourceAnswer {
  readonly key: string
  readonly resource: string
  readonly list: boolean
  /**
   * What is selected by `fields` of a query string, or unless it is given.
   *
   * @throws {InvalidRequest} when it goes deeper than the route allows.
   */
  readonly fields: (registry: ResourceRegistry, asked?: unknown) => AnySelection
  /** Whether a list is answered as a whole, without `count`, `offset` and `limit`. */
  readonly whole?: boolean
  /** The schema of a row that has more than what is selected, in names of the wire. */
  readonly extend?: (row: z.ZodObject, registry: ResourceRegistry) => z.ZodObject
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
  /** A body that the schema takes, for the documentation; tests hold it against the schema. */
  readonly example?: Body extends z.ZodType ? z.input<Body> : never
  /** The status of success; 200 unless said. */
  readonly status?: number
  /**
   * What callers must be allowed to do, as `resource:action`: any one of these lets a request pass. For guards that know of
   * permissions, and for the documentation.
   */
  readonly permissions?: readonly string[]
  /**
   * Whether the answer carries an `ETag`, and `If-None-Match` or, where something is changed, `If-Match` is heeded; which of
   * both, where it is one only. For the documentation.
   */
  readonly versioned?: boolean | "answer" | "condition"
  /** Largest body in bytes, where it is not that of the server. */
  readonly bodyLimit?: number
  /** Takes a form with files instead of JSON. Each failure of a file leaves those before it to the handler. */
  readonly files?: FileRules
  /** Takes any body, as it arrives; `bodyLimit` is for the handler to heed. */
  readonly stream?: boolean
  /** Keeps the body as it was received, beside what was read from it. */
  readonly rawBody?: boolean
  /**
   * Whether the handler does what no transaction can undo, such as calling another service, or must keep what it wrote
   * though it refuses, such as counting failed attempts. With an `Idempotency-Key` other handlers run in one
   * transaction with the storing of their answer; these run without, and once more when a crash cut them short.
   */
  readonly external?: boolean
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

/** Declares routes by their method. */
export interface Verbs<Identity> {
  readonly get: Declare<Identity>
  readonly post: Declare<Identity>
  readonly put: Declare<Identity>
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
  declare({ get: verb("GET"), post: verb("POST"), put: verb("PUT"), delete: verb("DELETE") })
  return declared
}
