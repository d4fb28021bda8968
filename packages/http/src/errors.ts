import { ModuleError, type ErrorKind } from "@marquetry/kernel"
import type { z } from "zod"

/** `type` of an error on the wire, as clients of the contract know it. */
export type WireErrorType =
  | "invalid_data"
  | "not_allowed"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "duplicate_error"
  | "payment_authorization_error"
  | "payment_requires_more_error"
  | "unknown_error"
  | "database_error"
  | "unavailable"

/** The body of every answer that is an error. */
export interface WireError {
  readonly type?: WireErrorType
  readonly message: string
  /** Permanent, for programs. */
  readonly code?: string
  /** Of a row that was changed meanwhile: its version as it is now, as in `ETag`. */
  readonly version?: string
}

/** Refuses a request with a status of its own. For what modules refuse, let their error pass instead. */
export class HttpError extends Error {
  readonly status: number
  readonly body: WireError

  constructor(status: number, body: WireError) {
    super(body.message)
    this.status = status
    this.body = body
  }
}

/** No credential, or one that is not valid here. */
export class Unauthorized extends HttpError {
  constructor() {
    super(401, { message: "Unauthorized" })
  }
}

/** A request that does not fit the schemas of its route. */
export class InvalidRequest extends HttpError {
  constructor(faults: readonly string[]) {
    super(400, { type: "invalid_data", message: `Invalid request: ${faults.join("; ")}`, code: "request.invalid" })
  }
}

/** The row is another than the caller has seen: `If-Match` names a version that is not the current one. */
export class VersionOutdated extends HttpError {
  /** @param version as it is now. */
  constructor(version: string) {
    super(412, {
      type: "conflict",
      message: `It was changed meanwhile, and is at version ${version}: read it again, and decide anew`,
      code: "request.version_outdated",
      version,
    })
  }
}

/** Somebody who is known, and may not do that. */
export class PermissionMissing extends HttpError {
  /** @param permissions any of which would do. */
  constructor(permissions: readonly string[]) {
    super(403, {
      type: "forbidden",
      message: `That takes the permission ${permissions.map((permission) => `'${permission}'`).join(" or ")}`,
      code: "request.permission_missing",
    })
  }
}

/** The one table from what went wrong to what is answered. */
const answers: Record<ErrorKind, readonly [status: number, type: WireErrorType]> = {
  invalid: [400, "invalid_data"],
  forbidden: [403, "forbidden"],
  not_found: [404, "not_found"],
  conflict: [409, "conflict"],
  unavailable: [503, "unavailable"],
}

/** How one error of a module is answered, where its kind does not say it. */
export interface ErrorAnswer {
  /** 400 to 599. */
  readonly status: number
  readonly type: WireErrorType
  /** The code on the wire; the error's own unless said. */
  readonly code?: string
}

/** Answers by the permanent codes of errors. */
export type ErrorAnswers = Readonly<Record<string, ErrorAnswer>>

/**
 * Makes one table of several.
 *
 * @throws {TypeError} when two of them name one code, or a status is that of no error.
 */
export function mergeErrorAnswers(tables: readonly ErrorAnswers[]): ReadonlyMap<string, ErrorAnswer> {
  const merged = new Map<string, ErrorAnswer>()
  for (const [code, answer] of tables.flatMap((table) => Object.entries(table))) {
    if (merged.has(code)) throw new TypeError(`The error "${code}" is given two answers`)
    if (!Number.isInteger(answer.status) || answer.status < 400 || answer.status > 599)
      throw new TypeError(`The error "${code}" cannot be answered with status ${answer.status}`)
    merged.set(code, answer)
  }
  return merged
}

const none: ReadonlyMap<string, ErrorAnswer> = new Map()

/**
 * Status and body for anything that was thrown. What is no error of ours says nothing about itself.
 *
 * @param byCode errors of modules that are not answered by their kind.
 */
export function answerTo(error: unknown, byCode = none): { status: number; body: WireError } {
  if (error instanceof HttpError) return { status: error.status, body: error.body }
  if (ModuleError.is(error)) {
    const [status, type] = answers[error.kind]
    const own = { status, type, code: error.code, ...byCode.get(error.code) }
    return { status: own.status, body: { type: own.type, message: error.message, code: own.code } }
  }
  const { statusCode, code, message } = error as { statusCode?: number; code?: string; message?: string }
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500)
    return fastifyFault(statusCode, code, message)
  return {
    status: 500,
    body: { type: "unknown_error", message: "An unknown error occurred.", code: "internal.unknown_error" },
  }
}

/** What Fastify refuses before a route is reached. */
function fastifyFault(status: number, code = "", message = ""): { status: number; body: WireError } {
  const known: Record<string, readonly [code: string, message: string]> = {
    FST_ERR_CTP_BODY_TOO_LARGE: ["request.body_too_large", "The body of the request is too large"],
    FST_ERR_CTP_INVALID_MEDIA_TYPE: [
      "request.media_type",
      "The body of a request is JSON: content-type application/json",
    ],
    FST_ERR_BAD_URL: ["request.malformed_url", "The path of the request cannot be read"],
    FST_ERR_MAX_PARAM_LENGTH: ["request.path_too_long", "A part of the path is too long"],
    FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
      "request.content_length",
      "The length of the body is not what the request said",
    ],
  }
  const [ourCode, ourMessage] = known[code] ?? ["request.invalid", message]
  return { status, body: { type: "invalid_data", message: ourMessage, code: ourCode } }
}

/**
 * The faults that a schema found, in the words of the contract.
 *
 * @param nameOf what the caller calls a property of the schema.
 */
export function faultsOf(
  { issues }: { readonly issues: readonly z.core.$ZodIssue[] },
  nameOf: (name: string) => string = (name) => name,
): string[] {
  return issues.flatMap((issue) => {
    const place = issue.path.map((step) => (typeof step === "string" ? nameOf(step) : step))
    const path = place.join(".")
    switch (issue.code) {
      case "unrecognized_keys": {
        const keys = issue.keys.map((key) => `'${[...place, key.trim()].join(".")}'`)
        return [`Unrecognized fields: ${keys.join(", ")}`]
      }
      case "invalid_type":
        if (issue.input === undefined) return [`Field '${path}' is required`]
        return [`Expected type: '${issue.expected}' for field '${path}', got: '${kindOf(issue.input)}'`]
      case "too_small":
        return [`Value for field '${path}' too small, expected at least: '${issue.minimum}'`]
      case "too_big":
        return [`Value for field '${path}' too big, expected at most: '${issue.maximum}'`]
      case "invalid_value":
        return [`Expected: '${issue.values.map(String).join(", ")}' for field '${path}', got: '${kindOf(issue.input)}'`]
      case "invalid_union": {
        const meant = meantIn(issue)
        if (meant !== undefined) return faultsOf({ issues: meant }, nameOf)
        break
      }
      default:
    }
    return [path === "" ? issue.message : `${issue.message} for field '${path}'`]
  })
}

/** The faults of the one option of a union that is of the kind that was sent; `undefined` when it may be several. */
function meantIn({ errors, path }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | undefined {
  const [meant, other] = errors.filter(
    (issues) => !issues.some((issue) => issue.code === "invalid_type" && issue.path.length === 0),
  )
  if (meant === undefined || other !== undefined) return undefined
  return meant.map((issue) => ({ ...issue, path: [...path, ...issue.path] }))
}

function kindOf(input: unknown): string {
  if (input === null) return "null"
  if (Array.isArray(input)) return "array"
  return typeof input === "string" ? input.slice(0, 100) : typeof input
}
