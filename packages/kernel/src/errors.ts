import type { ZodError } from "zod"

/** What a caller can do about an error; one table in the HTTP kit turns it into a status. */
export type ErrorKind = "invalid" | "forbidden" | "not_found" | "conflict" | "unavailable"

/**
 * An error that a caller can react to. Anything else that is thrown is a bug.
 *
 * `code` is public and permanent, `message` is for people and may change, `details` are plain data.
 */
export abstract class ModuleError extends Error {
  abstract readonly code: string
  abstract readonly kind: ErrorKind
  readonly details: Readonly<Record<string, unknown>> = {}

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }

  /** Whether `error` is one: by shape, so that two copies of this package in one process agree. */
  static is(error: unknown): error is ModuleError {
    return error instanceof Error && "code" in error && "kind" in error && "details" in error
  }
}

/** One thing that is wrong with an input: where, and what to do about it. */
export interface InputIssue {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** The input of a call does not fit its schema. Nothing was done. */
export class InvalidInput extends ModuleError {
  readonly code = "input.invalid"
  readonly kind = "invalid"
  override readonly details: { issues: readonly InputIssue[] }

  constructor(issues: readonly InputIssue[], options?: ErrorOptions) {
    const describe = ({ path, message }: InputIssue) => (path.length > 0 ? `${path.join(".")}: ${message}` : message)
    super(issues.map(describe).join("; "), options)
    this.details = { issues }
  }

  static from(error: ZodError): InvalidInput {
    return new InvalidInput(
      error.issues.map(({ path, message }) => ({
        path: path.map((step) => (typeof step === "symbol" ? step.toString() : step)),
        message,
      })),
    )
  }
}

/** No row with that id, or it was deleted. */
export class NotFound extends ModuleError {
  readonly code = "resource.not_found"
  readonly kind = "not_found"
  override readonly details: { resource: string; id: string }

  constructor(resource: string, id: string) {
    super(`${resource} with id: ${id} was not found`)
    this.details = { resource, id }
  }
}

/**
 * For `.catch()` after a flush: turns one error of the ORM into the module's own, and lets others pass. Statements of
 * `run`, `insertRows` and `updateRows` fail with errors of the driver: see {@link rethrowConstraint}.
 *
 * @param constraint the constraint or index that must be named by the error; any when left out.
 */
export function rethrow<E extends Error>(
  type: abstract new (...args: never[]) => E,
  replacement: () => Error,
  constraint?: string,
): (error: unknown) => never {
  return (error) => {
    if (error instanceof type && (constraint === undefined || constraintOf(error) === constraint)) throw replacement()
    throw error
  }
}

/**
 * For `.catch()` after a write of any kind, a flush, `insertRows`, `updateRows` or `run`: turns the violation of a
 * constraint or unique index into the module's own error, by its name, and lets others pass.
 *
 * ```ts
 * await em.flush().catch(rethrowConstraint({ book_isbn_unique: () => new IsbnTaken(isbn) }))
 * ```
 *
 * @param replacements makes the module's error from that of the database, by name of the constraint.
 */
export function rethrowConstraint(
  replacements: Readonly<Record<string, (error: Error) => Error>>,
): (error: unknown) => never {
  return (error) => {
    const name = constraintOf(error)
    const replacement = name !== undefined && Object.hasOwn(replacements, name) ? replacements[name] : undefined
    throw replacement === undefined ? error : replacement(error as Error)
  }
}

/** The name of the violated constraint or unique index, when Postgres gave one. */
export function constraintOf(error: unknown): string | undefined {
  const name = (error as { constraint?: unknown } | null | undefined)?.constraint
  return typeof name === "string" ? name : undefined
}
