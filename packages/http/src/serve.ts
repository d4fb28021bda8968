import type { Composition, DependencyContainer } from "@marquetry/kernel"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { z } from "zod"
import { faultsOf, InvalidRequest } from "./errors.ts"
import { parseQueryString } from "./query-string.ts"
import { RawJson, type Route } from "./route.ts"
import { codecOf, toSnake } from "./wire.ts"

/** Puts a route on the server: guard, checks, handler, answer. */
export function serve(app: FastifyInstance, route: Route, composition: Composition): void {
  const { guard, schemas, handle } = route
  const body = schemas.body === undefined ? undefined : codecOf(schemas.body)
  app.route({
    method: route.method,
    url: route.path,
    handler: async (request, reply) => {
      const context = new Context(request, reply, composition)
      if (guard !== undefined) context.identity = await guard(context)
      context.params = check(schemas.params, request.params)
      context.query = check(schemas.query, parseQueryString((request.query as { text: string }).text))
      if (body !== undefined) context.body = check(schemas.body, body.decode(request.body ?? {}), toSnake)
      const answer = await handle(context as never)
      return send(reply, answer)
    },
  })
}

function send(reply: FastifyReply, answer: unknown): FastifyReply {
  if (answer instanceof RawJson)
    return reply.header("content-type", "application/json; charset=utf-8").send(answer.text)
  return reply.header("content-type", "application/json; charset=utf-8").send(JSON.stringify(answer ?? {}))
}

function check(schema: z.ZodType | undefined, input: unknown, nameOf?: (name: string) => string): unknown {
  if (schema === undefined) return {}
  const result = schema.safeParse(input, { reportInput: true })
  if (!result.success) throw new InvalidRequest(faultsOf(result.error, nameOf))
  return result.data
}

class Context {
  identity: unknown
  params: unknown
  query: unknown
  body: unknown
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  readonly #composition: Composition
  #scope: DependencyContainer | undefined

  constructor(request: FastifyRequest, reply: FastifyReply, composition: Composition) {
    this.#request = request
    this.#reply = reply
    this.#composition = composition
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

  get ip(): string {
    return this.#request.ip
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

  status = (code: number): void => {
    this.#reply.status(code)
  }

  setHeader = (name: string, value: string): void => {
    this.#reply.header(name, value)
  }
}
