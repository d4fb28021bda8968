import type { Composition } from "@marquetry/kernel"
import { ResourceRegistry } from "@marquetry/kernel"
import { z } from "zod"
import { Idempotency } from "./idempotency/idempotency.service.ts"
import { resourceSchema } from "./resource-schema.ts"
import type { Guard, ResourceAnswer, Route, SecurityScheme } from "./route.ts"
import { codecOf, toSnake } from "./wire.ts"

type Json = Record<string, unknown>

export interface OpenApiDocument {
  readonly openapi: "3.1.0"
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>
  readonly components: Json
}

/** The OpenAPI 3.1 document of routes, made from the schemas that check their requests. */
export function openApiOf(options: {
  readonly composition: Composition
  readonly routes: readonly Route[]
  readonly title?: string
  readonly version?: string
}): OpenApiDocument {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of options.routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}")
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, options.composition) }
  }
  return {
    openapi: "3.1.0",
    info: { title: options.title ?? "Marquetry", version: options.version ?? "0" },
    paths,
    components: {
      schemas: { Error: errorSchema },
      securitySchemes: {
        publishableKey: { type: "apiKey", in: "header", name: "x-publishable-api-key" },
        bearer: { type: "http", scheme: "bearer" },
        ...Object.fromEntries(options.routes.flatMap(({ guard }) => (guard?.security ?? []).flat().flatMap(schemeOf))),
      },
    },
  }
}

const nameOf = (scheme: SecurityScheme) => ("name" in scheme ? scheme.name : scheme.scheme)

/** A credential as a component of the document. */
function schemeOf(scheme: SecurityScheme): [name: string, component: Json][] {
  if (scheme.scheme === "none") return []
  const component =
    "name" in scheme
      ? { type: "apiKey", in: scheme.scheme, name: scheme.name }
      : { type: "http", scheme: scheme.scheme }
  return [[nameOf(scheme), component]]
}

/** Where a guard does not say what it takes, the area does. */
function securityOf(guard: Guard | undefined, area: string): Json[] {
  if (guard?.security === undefined) return area === "store" ? [{ publishableKey: [] }] : []
  return guard.security.map((set) =>
    Object.fromEntries(set.filter(({ scheme }) => scheme !== "none").map((scheme) => [nameOf(scheme), []])),
  )
}

const keyParameter = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "Makes the request safe to repeat for 24 hours: it is done once, and answered the same each time.",
  schema: { type: "string", pattern: "^[!-~]{1,255}$" },
}

const etag = {
  description: "The version of the row: it changes whenever the row does, or a part of it.",
  schema: { type: "string" },
}

const ifMatch = {
  name: "If-Match",
  in: "header",
  required: false,
  description:
    "A version, as an ETag said it: when the row is another by now, nothing is changed, and the answer is 412.",
  schema: { type: "string" },
}

const ifNoneMatch = {
  name: "If-None-Match",
  in: "header",
  required: false,
  description: "A version that is known already: as long as it is the current one, the answer is 304 without a body.",
  schema: { type: "string" },
}

const errorSchema = {
  type: "object",
  required: ["message"],
  properties: { type: { type: "string" }, message: { type: "string" }, code: { type: "string" } },
}

function operationOf({ method, path, guard, schemas }: Route, composition: Composition): Json {
  const area = path.split("/")[1] ?? ""
  const error = {
    description: "Refused",
    content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
  }
  const isChange = method !== "GET"
  const repeatable = isChange && Idempotency.isIn(composition.database)
  const { versioned = false } = schemas
  const isConditional = versioned === true || versioned === "condition"
  const operation: Json = {
    operationId: `${method.toLowerCase()}${path.replaceAll(/[^a-zA-Z0-9]+(.)?/g, (_, next?: string) => next?.toUpperCase() ?? "")}`,
    summary: schemas.summary,
    tags: [`${area} ${path.split("/")[2] ?? ""}`.trim()],
    parameters: [
      ...parametersOf(schemas.params, "path"),
      ...parametersOf(schemas.query, "query"),
      ...(repeatable ? [keyParameter] : []),
      ...(isConditional ? [isChange ? ifMatch : ifNoneMatch] : []),
    ],
    responses: {
      [String(schemas.status ?? 200)]: {
        description: "Done",
        ...((versioned === true || versioned === "answer") && { headers: { etag } }),
        content: { "application/json": { schema: responseOf(schemas.response, composition) } },
      },
      "400": error,
      ...(schemas.permissions === undefined ? {} : { "401": error, "403": error }),
      ...(path.includes(":") ? { "404": error } : {}),
      ...(repeatable ? { "409": error } : {}),
      ...(isChange && isConditional ? { "412": error } : {}),
      ...(isChange ? { "422": error } : {}),
    },
    security: securityOf(guard, area),
  }
  const body = requestBodyOf(schemas)
  return {
    ...operation,
    ...(schemas.description !== undefined && { description: schemas.description }),
    ...(schemas.permissions !== undefined && { "x-permissions": schemas.permissions }),
    ...(body !== undefined && { requestBody: body }),
  }
}

function requestBodyOf({ body, example, files, stream }: Route["schemas"]): Json | undefined {
  if (files !== undefined) {
    const schema = {
      type: "object",
      required: [files.field],
      properties: {
        [files.field]: { type: "array", maxItems: files.count, items: { type: "string", format: "binary" } },
      },
    }
    return { content: { "multipart/form-data": { schema } } }
  }
  if (stream === true) return { content: { "*/*": { schema: { type: "string", format: "binary" } } } }
  if (body === undefined) return undefined
  const content = { schema: onWire(jsonSchema(body, "input")) }
  if (example === undefined) return { content: { "application/json": content } }
  return { content: { "application/json": { ...content, example: codecOf(body).encode(example) } } }
}

function parametersOf(schema: z.ZodType | undefined, place: "path" | "query"): Json[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchema(schema, "input") as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, inner]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: inner,
    // Lists and operator maps are written in brackets: `id[0]=a`, `created_at[$gt]=…`.
    ...(place === "query" && inner["type"] !== "integer" ? { style: "deepObject", explode: true } : {}),
  }))
}

function responseOf(response: z.ZodType | ResourceAnswer | undefined, composition: Composition): Json {
  if (response === undefined) return { type: "object" }
  if (response instanceof z.ZodType) return onWire(jsonSchema(response, "output"))
  const registry = composition.container.resolve(ResourceRegistry)
  const selected = resourceSchema(registry, response.resource, response.fields(registry))
  const row = jsonSchema(response.extend?.(selected, registry) ?? selected, "output")
  const rows = { type: "array", items: row }
  const number = { type: "integer" }
  if (!response.list) return { type: "object", required: [response.key], properties: { [response.key]: row } }
  if (response.whole === true) return { type: "object", required: [response.key], properties: { [response.key]: rows } }
  return {
    type: "object",
    required: [response.key, "count", "offset", "limit"],
    properties: { [response.key]: rows, count: number, offset: number, limit: number },
  }
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { target: "draft-2020-12", unrepresentable: "any", io })
  return json
}

/** Property names of a schema as they are on the wire. */
function onWire(json: unknown): Json {
  return rename(json) as Json
}

function rename(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(rename)
  if (typeof json !== "object" || json === null) return json
  const result: Json = {}
  for (const [key, value] of Object.entries(json)) {
    if (key === "properties") {
      result[key] = Object.fromEntries(
        Object.entries(value as Json).map(([name, inner]) => [toSnake(name), rename(inner)]),
      )
    } else if (key === "required") result[key] = (value as string[]).map(toSnake)
    else result[key] = rename(value)
  }
  return result
}
