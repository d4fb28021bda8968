import { ResourceRegistry, type Composition } from "@marquetry/kernel"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { z } from "zod"
import { bodyOf, Context, keepBody } from "./context.ts"
import { answerTo, faultsOf, HttpError, InvalidRequest, type ErrorAnswer } from "./errors.ts"
import { BodyDigest } from "./idempotency/body-digest.ts"
import { IdempotencyNotAvailable } from "./idempotency/idempotency.errors.ts"
import type { Answer, Idempotency, KeyedRequest, StreamedBody } from "./idempotency/idempotency.service.ts"
import { parseQueryString } from "./query-string.ts"
import { noBody, RawJson, StreamedContent, type Route } from "./route.ts"
import { letGo } from "./streamed-body.ts"
import { codecOf, toSnake } from "./wire.ts"

declare module "fastify" {
  interface FastifyContextConfig {
    rawBody?: boolean
  }
}

/** What all routes of a server share. */
export interface Serving {
  readonly composition: Composition
  readonly errorAnswers: ReadonlyMap<string, ErrorAnswer>
  /** `undefined`: this server keeps no answers. */
  readonly idempotency: Idempotency | undefined
  readonly sessionCookie: string
}

const KEY = "idempotency-key"

/** Puts a route on the server: guard, checks, handler, answer. */
export function serve(app: FastifyInstance, route: Route, serving: Serving): void {
  const { guard, schemas, handle } = route
  const body = schemas.body === undefined ? undefined : codecOf(schemas.body)
  const isStreamed = comesAsStream(schemas)
  app.route({
    method: route.method,
    url: route.path,
    config: { rawBody: schemas.rawBody === true },
    ...(schemas.bodyLimit !== undefined && { bodyLimit: schemas.bodyLimit }),
    // Before the answer goes out, whatever it is.
    ...(isStreamed && { onSend: async ({ raw }) => letGo(raw) }),
    handler: async (request, reply) => {
      const context = new Context(request, reply, serving.composition, schemas)
      if (schemas.status !== undefined) reply.status(schemas.status)
      if (guard !== undefined) context.identity = await guard(context)
      context.params = check(schemas.params, request.params)
      context.query = check(schemas.query, parseQueryString((request.query as { text: string }).text))
      if (body !== undefined) context.body = check(schemas.body, body.decode(request.body ?? {}), toSnake)
      if (route.method !== "GET") checkFields(schemas.response, context)
      const key = route.method === "GET" ? undefined : request.headers[KEY]
      if (key === undefined) return answerWith(reply, await handle(context as never))
      return sendOnce(request, reply, { route, serving, context, key: String(key) })
    },
  })
}

const comesAsStream = ({ files, stream }: Route["schemas"]): boolean => files !== undefined || stream === true

/** An answer that cannot be given is refused before anything is changed. */
function checkFields(response: Route["schemas"]["response"], context: Context): void {
  if (response === undefined || !("resource" in response)) return
  const { fields } = context.query as { fields?: unknown }
  response.fields(context.resolve<ResourceRegistry>(ResourceRegistry), fields)
}

/** Runs the handler unless it was run for this key before, and answers the same either way. */
async function sendOnce(
  request: FastifyRequest,
  reply: FastifyReply,
  keyed: { readonly route: Route; readonly serving: Serving; readonly context: Context; readonly key: string },
): Promise<FastifyReply> {
  const { route, serving, context, key } = keyed
  if (serving.idempotency === undefined) throw new IdempotencyNotAvailable()
  const { headers } = context
  const asked = requestOf(key, request, context, serving.sessionCookie)
  const streamed = comesAsStream(route.schemas) && { streamed: streamedBodyOf(context) }
  const { answer, replayed } = await serving.idempotency.run(
    { ...asked, ...streamed },
    {
      external: route.schemas.external === true,
      run: async () => {
        const text = textOf(await route.handle(context as never))
        return { status: reply.statusCode, headers, text }
      },
      refusalOf: (error) => {
        const { status, body } = answerTo(error, serving.errorAnswers)
        return { status, headers, text: JSON.stringify(body) }
      },
    },
  )
  if (replayed) replay(reply, answer)
  return send(reply, answer.text)
}

function requestOf(key: string, request: FastifyRequest, context: Context, sessionCookie: string): KeyedRequest {
  const credentials = [
    context.header("x-publishable-api-key"),
    context.header("authorization"),
    context.cookie(sessionCookie),
  ]
  return { key, credentials, content: [request.method, request.url, bodyOf(request)] }
}

/** Names, types and contents are hashed as they are read, by the handler or, when the key comes again, by nobody else. */
function streamedBodyOf(context: Context): StreamedBody {
  const digest = new BodyDigest()
  context.digest = digest
  return {
    mark: () => digest.mark,
    isSame: async (mark) => {
      const again = BodyDigest.upTo(mark)
      context.digest = again
      try {
        await context.skim()
      } catch (error) {
        // A form that is broken behind what was read then is the same so far.
        if (!(error instanceof InvalidRequest)) throw error
      }
      return again.mark === mark
    },
  }
}

function replay(reply: FastifyReply, { status, headers }: Answer): void {
  reply.status(status).header("idempotency-replayed", "true")
  for (const [name, value] of headers) reply.header(name, value)
}

function answerWith(reply: FastifyReply, answer: unknown): FastifyReply {
  if (!(answer instanceof StreamedContent)) return send(reply, textOf(answer))
  const { stream, size, headers } = answer
  return reply.headers({ ...headers, "content-length": size }).send(stream)
}

function textOf(answer: unknown): string | undefined {
  if (answer === noBody) return undefined
  return answer instanceof RawJson ? answer.text : JSON.stringify(answer ?? {})
}

function send(reply: FastifyReply, text: string | undefined): FastifyReply {
  if (text === undefined) return reply.send()
  return reply.header("content-type", "application/json; charset=utf-8").send(text)
}

/** Bodies are JSON. An empty one is an empty object: clients send the header without one. */
export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (request.headers[KEY] !== undefined) keepBody(request, body)
    parseJson(String(body), done)
  })
}

/** The same, for routes that want to see the body as it was received. */
export async function acceptRawJson(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    keepBody(request, body)
    parseJson(String(body), done)
  })
}

/** Bodies of any type, for routes that read them as they arrive. */
export async function acceptStreams(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser("*", (_, payload, done) => done(null, payload))
}

function parseJson(text: string, done: (error: Error | null, body?: unknown) => void): void {
  if (text === "") {
    done(null, {})
    return
  }
  try {
    done(null, JSON.parse(text))
  } catch (error) {
    const message = `The body is not JSON: ${(error as Error).message}`
    done(new HttpError(400, { type: "invalid_data", message, code: "request.malformed_json" }))
  }
}

function check(schema: z.ZodType | undefined, input: unknown, nameOf?: (name: string) => string): unknown {
  if (schema === undefined) return {}
  const result = schema.safeParse(input, { reportInput: true })
  if (!result.success) throw new InvalidRequest(faultsOf(result.error, nameOf))
  return result.data
}
