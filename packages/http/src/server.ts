import type { IncomingMessage, ServerResponse } from "node:http"
import cookie from "@fastify/cookie"
import cors from "@fastify/cors"
import helmet from "@fastify/helmet"
import rateLimit from "@fastify/rate-limit"
import fastifyStatic from "@fastify/static"
import type { Composition } from "@marquetry/kernel"
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify"
import { answerTo, HttpError, mergeErrorAnswers, type ErrorAnswers, type WireError } from "./errors.ts"
import { documentationPage } from "./documentation-page.ts"
import { Idempotency } from "./idempotency/idempotency.service.ts"
import { openApiOf } from "./openapi.ts"
import type { Route } from "./route.ts"
import { acceptForms } from "./multipart.ts"
import { acceptJson, acceptRawJson, acceptStreams, serve, type Serving } from "./serve.ts"

export interface ServerOptions {
  readonly composition: Composition
  readonly routes: readonly Route[]
  /** Origins that browsers may call from, by the first part of the path; `*` is any. None unless said. */
  readonly cors?: Readonly<Record<string, readonly string[]>>
  /** Requests per minute and client; `false` for no limit. 30,000 unless said. */
  readonly rateLimit?: number | false
  /** Stricter limits, by the beginning of the path. */
  readonly strictRateLimits?: Readonly<Record<string, number>>
  /** Proxies whose `x-forwarded-for` is believed: addresses or ranges. None unless said. */
  readonly trustProxy?: readonly string[]
  /** Largest body in bytes; 1 MiB unless said. */
  readonly bodyLimit?: number
  /** How errors of modules are answered where their kind does not say it. Several tables must not name one code. */
  readonly errorAnswers?: ErrorAnswers | readonly ErrorAnswers[]
  /** The cookie that tells callers apart, beside `authorization` and the publishable key. `connect.sid` unless said. */
  readonly sessionCookie?: string
  readonly logger?: FastifyBaseLogger
  /** Folders whose files are served, by the beginning of their path: `{ "/images": "/srv/images" }`. */
  readonly files?: Readonly<Record<string, string>>
  /** For the documentation. */
  readonly title?: string
  readonly version?: string
}

/** A server that is not listening yet. */
export interface Server {
  readonly app: FastifyInstance
  /** @returns the address that it listens on. */
  readonly listen: (address: { readonly port: number; readonly host: string }) => Promise<string>
  /** A plain Node handler, for mounting in Express, Next.js or Nest. */
  readonly handler: () => Promise<(request: IncomingMessage, response: ServerResponse) => void>
  /** Readiness goes first, then requests in flight finish. The composition stays open: whoever made it closes it. */
  readonly close: () => Promise<void>
}

const MIB = 1_048_576

/** @throws {TypeError} when two tables of `errorAnswers` name one code. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const serving = servingOf(options)
  const app = fastify({
    bodyLimit: options.bodyLimit ?? MIB,
    trustProxy: options.trustProxy === undefined ? false : [...options.trustProxy],
    genReqId: (request) => requestId(request.headers["x-request-id"]),
    // Read when a route is served, where what cannot be read is answered like any other fault.
    routerOptions: { querystringParser: (text) => ({ text }), maxParamLength: 300, ignoreTrailingSlash: true },
    // Connections kept open by clients must not hold up a shutdown.
    forceCloseConnections: "idle",
    return503OnClosing: true,
    // Routes are checked by their own schemas: Fastify need not load what checks and writes by JSON Schema.
    schemaController: { compilersFactory: { buildValidator: noJsonSchema, buildSerializer: noJsonSchema } },
    // What is refused before there is a route: a path that cannot be read.
    frameworkErrors: (error, _, reply) => {
      const { status, body } = answerTo(error)
      void (reply as FastifyReply).status(status).send(body)
    },
    ...(options.logger === undefined ? { logger: false } : { loggerInstance: options.logger }),
  }) as unknown as FastifyInstance
  await protect(app, options)
  // Cookies are read where they are asked for.
  await app.register(cookie, { hook: false })
  acceptJson(app)
  refuse(app, serving.errorAnswers)
  let closing = false
  app.get("/health", { config: { rateLimit: false } }, () => "OK")
  app.get("/ready", { config: { rateLimit: false } }, async (_, reply) => {
    const ready = !closing && (await answers(options.composition))
    return reply.status(ready ? 200 : 503).send(ready ? "OK" : "NOT READY")
  })
  document(app, options)
  for (const [prefix, root] of Object.entries(options.files ?? {})) {
    await app.register(fastifyStatic, { root, prefix, decorateReply: false, index: false, maxAge: 3_600_000 })
  }
  await serveAll(app, options.routes, serving)
  return {
    app,
    listen: (address) => app.listen(address),
    handler: async () => {
      await app.ready()
      return (request, response) => app.routing(request, response)
    },
    close: async () => {
      closing = true
      await app.close()
    },
  }
}

function noJsonSchema(): never {
  throw new TypeError("Routes of this server have no JSON Schema: see `routes`")
}

function servingOf({ composition, errorAnswers = [], sessionCookie = "connect.sid" }: ServerOptions): Serving {
  const tables = Array.isArray(errorAnswers) ? (errorAnswers as ErrorAnswers[]) : [errorAnswers as ErrorAnswers]
  return {
    composition,
    errorAnswers: mergeErrorAnswers(tables),
    idempotency: Idempotency.isIn(composition.database) ? new Idempotency(composition.database) : undefined,
    sessionCookie,
  }
}

/** Routes that want other bodies than JSON that was read have parsers of their own. */
async function serveAll(app: FastifyInstance, routes: readonly Route[], serving: Serving): Promise<void> {
  const byParser = Map.groupBy(routes, parserOf)
  for (const route of byParser.get(undefined) ?? []) serve(app, route, serving)
  for (const [accept, some] of byParser) {
    if (accept === undefined) continue
    await app.register(async (apart) => {
      await accept(apart)
      for (const route of some) serve(apart, route, serving)
    })
  }
}

function parserOf({ schemas }: Route): ((app: FastifyInstance) => Promise<void>) | undefined {
  if (schemas.files !== undefined) return acceptForms
  if (schemas.stream === true) return acceptStreams
  return schemas.rawBody === true ? acceptRawJson : undefined
}

async function answers({ database }: Composition): Promise<boolean> {
  try {
    await database.sql("select 1")
    return true
  } catch {
    return false
  }
}

/** Headers that browsers heed, who may call from where, and how often. */
async function protect(app: FastifyInstance, options: ServerOptions): Promise<void> {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id)
  })
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: { defaultSrc: ["'self'"], scriptSrc: ["'none'"], styleSrc: ["'self'", "'unsafe-inline'"] },
    },
    crossOriginResourcePolicy: { policy: "cross-origin" },
  })
  await app.register(cors, {
    delegator: (request: FastifyRequest, callback: (error: Error | null, options: object) => void) => {
      const area = request.url.split(/[/?]/, 2)[1] ?? ""
      const origins = options.cors?.[area] ?? []
      callback(null, {
        origin: origins.includes("*") ? true : [...origins],
        credentials: true,
        methods: ["GET", "POST", "PUT", "DELETE"],
        optionsSuccessStatus: 204,
        exposedHeaders: ["x-request-id", "idempotency-replayed", "etag"],
        maxAge: 600,
      })
    },
  })
  if (options.rateLimit !== false) await limitRates(app, options)
}

/**
 * Clients are told apart by address alone: a key can be made up for every request. A storefront's server speaks for all
 * of its shoppers, so the limit is generous.
 */
async function limitRates(app: FastifyInstance, options: ServerOptions): Promise<void> {
  const strict = Object.entries(options.strictRateLimits ?? {})
  const strictLimit = (url: string) => strict.find(([prefix]) => url.startsWith(prefix))?.[1]
  await app.register(rateLimit, {
    max: (request) => strictLimit(request.url) ?? (options.rateLimit || 30_000),
    timeWindow: 60_000,
    cache: 20_000,
    keyGenerator: (request) => {
      const area = strictLimit(request.url) === undefined ? "" : "strict:"
      return `${area}${request.ip}`
    },
    errorResponseBuilder: (_, { ttl }) =>
      new HttpError(429, {
        type: "not_allowed",
        code: "request.rate_limited",
        message: `Too many requests: try again in ${Math.ceil(ttl / 1000)} seconds`,
      }),
  })
}

function refuse(app: FastifyInstance, errorAnswers: Serving["errorAnswers"]): void {
  app.setNotFoundHandler((request, reply) => {
    const message = `There is no ${request.method} ${request.url.split("?", 1)[0] ?? ""}`
    return reply.status(404).send({ type: "not_found", message, code: "request.unknown_path" } satisfies WireError)
  })
  app.setErrorHandler((error, request, reply: FastifyReply) => {
    const { status, body } = answerTo(error, errorAnswers)
    // What this server cannot do, 501, is the request's fault and not ours.
    if (status >= 500 && status !== 501) request.log.error(error)
    return reply.status(status).send(body)
  })
}

/** The documentation is written when it is first asked for: most processes never are. */
function document(app: FastifyInstance, options: ServerOptions): void {
  let openApi: ReturnType<typeof openApiOf> | undefined
  const made = () => (openApi ??= openApiOf(options))
  app.get("/openapi.json", async (_, reply) => reply.send(made()))
  app.get("/docs", async (_, reply) => reply.type("text/html; charset=utf-8").send(documentationPage(made())))
}

/** A caller's id is kept when it is one, so that a request can be followed through several services. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === "string" && /^[\w.-]{1,100}$/.test(given) ? given : crypto.randomUUID()
}
