import { InvalidInput, ModuleError } from "../errors.ts"

/** The database did not answer. What was under way was not done; try again. */
export class DatabaseUnreachable extends ModuleError {
  readonly code = "database.unreachable"
  readonly kind = "unavailable"
  constructor(cause: Error) {
    super(`The database cannot be reached (${cause.message}). Check DATABASE_URL and that the server runs.`, { cause })
  }
}

/** Two transactions waited for each other's rows, and the database ended this one. Nothing was done: begin anew. */
export class DeadlockFound extends ModuleError {
  readonly code = "database.deadlock"
  readonly kind = "unavailable"
  constructor(cause: Error) {
    super("Two changes waited for each other, and this one was given up. Nothing was done: try again.", { cause })
  }
}

const unreachable = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "ECONNRESET",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EPIPE",
  "EAI_AGAIN",
])

/**
 * Faults of the connection, and texts that Postgres cannot keep, get a name of their own; everything else passes as it
 * is.
 */
export function explain(error: unknown): never {
  if (error instanceof Error && !ModuleError.is(error)) {
    if (isLost(error)) throw new DatabaseUnreachable(error)
    if ((error as { code?: unknown }).code === "40P01") throw new DeadlockFound(error)
    if (isUnkeepable(error)) {
      throw new InvalidInput([{ path: [], message: "A text holds U+0000 or half a surrogate pair" }], { cause: error })
    }
  }
  throw error
}

function isLost({ code, message }: Error & { code?: unknown }): boolean {
  return (
    (typeof code === "string" && (unreachable.has(code) || /^(08(?!P01)|57P0|53300|28|3D000)/.test(code))) ||
    /timeout exceeded when trying to connect|Connection terminated|not queryable/.test(message)
  )
}

/** Only a value can bring these about, never a statement; of JSON, a key or text in it. */
function isUnkeepable({ code, message }: Error & { code?: unknown }): boolean {
  return code === "22021" || code === "22P05" || (code === "22P02" && message.includes("type json"))
}
