import type { Readable } from "node:stream"
import type { Composition, DependencyContainer } from "@marquetry/kernel"
import type { FastifyReply, FastifyRequest } from "fastify"
import type { BodyDigest } from "./idempotency/body-digest.ts"
import { filesOf } from "./multipart.ts"
import type { CookieOptions, FileRules, RouteSchemas, UploadedFile } from "./route.ts"
import { streamedBody } from "./streamed-body.ts"

/** Bodies as they were received, of requests whose route or header asks for them. */
const received = new WeakMap<FastifyRequest, string | Buffer>()

export const keepBody = (request: FastifyRequest, body: string | Buffer): void => void received.set(request, body)

/** Nothing when there was no body. */
export const bodyOf = (request: FastifyRequest): string | Buffer => received.get(request) ?? Buffer.alloc(0)

/** What a route says of itself that a request must know. */
type Asked = Pick<RouteSchemas<undefined, undefined, undefined>, "permissions" | "files" | "stream">

/** A request, as its guard and handler see it. */
export class Context {
  identity: unknown
  params: unknown
  query: unknown
  body: unknown
  /** Hears what is read of a body that comes as a stream. */
  digest: BodyDigest | undefined
  /** What the route set, in order. */
  readonly headers: (readonly [name: string, value: string])[] = []
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  readonly #composition: Composition
  readonly #route: Asked
  #scope: DependencyContainer | undefined
  #stream: Readable | undefined
  #cookies: Readonly<Record<string, string | undefined>> | undefined

  constructor(request: FastifyRequest, reply: FastifyReply, composition: Composition, route: Asked) {
    this.#request = request
    this.#reply = reply
    this.#composition = composition
    this.#route = route
  }

  get permissions(): readonly string[] {
    return this.#route.permissions ?? []
  }

  get id(): string {
    return this.#request.id
  }

  get method(): string {
    return this.#request.method
  }

  get url(): string {
    return this.#request.url
  }

  get requestHeaders(): FastifyRequest["headers"] {
    return this.#request.headers
  }

  get ip(): string {
    return this.#request.ip
  }

  get rawBody(): Buffer {
    const body = bodyOf(this.#request)
    if (typeof body === "string" || !this.#request.routeOptions.config.rawBody)
      throw new TypeError("Only a route that is declared with `rawBody: true` has the body as it was received")
    return body
  }

  files = (): AsyncIterable<UploadedFile> => {
    const { files } = this.#route
    if (files === undefined) throw new TypeError("Only a route that is declared with `files` takes a form")
    return filesOf(this.#request, files satisfies FileRules, this.digest)
  }

  get stream(): Readable {
    if (this.#route.stream !== true)
      throw new TypeError("Only a route that is declared with `stream: true` has the body as it arrives")
    return (this.#stream ??= streamedBody(this.#request.body as Readable | undefined, this.digest))
  }

  /** Reads the body to its end, or as far as its digest goes, and keeps nothing of it. */
  async skim(): Promise<void> {
    const parts = this.#route.stream === true ? [this.stream] : contentsOf(this.files())
    for await (const part of parts) for await (const _ of part) if (this.digest?.isFull === true) return
  }

  /** Made when it is first asked for: most requests use what all share. */
  get container(): DependencyContainer {
    this.#scope ??= this.#composition.createScope()
    return this.#scope
  }

  resolve = <T>(token: Parameters<DependencyContainer["resolve"]>[0]): T =>
    (this.#scope ?? this.#composition.container).resolve(token) as T

  header = (name: string): string | undefined => {
    const value = this.#request.headers[name]
    return Array.isArray(value) ? value.join(", ") : value
  }

  /** Read when one is first asked for: most requests bring none that anybody wants. */
  cookie = (name: string): string | undefined => {
    this.#cookies ??= this.#request.server.parseCookie(this.#request.headers.cookie ?? "")
    return this.#cookies[name]
  }

  status = (code: number): void => {
    this.#reply.status(code)
  }

  setHeader = (name: string, value: string): void => {
    this.#reply.header(name, value)
    this.headers.push([name, value])
  }

  setCookie = (name: string, value: string, options: CookieOptions = {}): void => {
    const secure = this.#request.protocol === "https"
    const cookie = { path: "/", httpOnly: true, sameSite: "lax", secure, ...options } as const
    this.setHeader("set-cookie", this.#request.server.serializeCookie(name, value, cookie))
  }

  clearCookie = (name: string, options: Pick<CookieOptions, "path" | "domain"> = {}): void => {
    const cookie = { path: "/", ...options, maxAge: 0, expires: new Date(0) }
    this.setHeader("set-cookie", this.#request.server.serializeCookie(name, "", cookie))
  }
}

async function* contentsOf(files: AsyncIterable<UploadedFile>): AsyncGenerator<Readable> {
  for await (const { content } of files) yield content
}
