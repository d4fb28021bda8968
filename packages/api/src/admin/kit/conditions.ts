import { HttpError, type RequestInfo, type Verbs } from "@marquetry/http"

/** A request with `If-Match` of which no row is that it could mean. */
export class ConditionUnsupported extends HttpError {
  constructor() {
    super(400, {
      type: "invalid_data",
      message: "'If-Match' means the version of one row, and this changes no one row: send it without, or with '*'",
      code: "request.condition_unsupported",
    })
  }
}

type Declare = Verbs<never>["post"]
type Declared = (path: string, schemas: Parameters<Declare>[1], handle: (context: RequestInfo) => unknown) => void

/**
 * Routes of which each that changes something either heeds `If-Match`, and is documented so, or refuses it: nobody relies on
 * what is passed over. A route whose path names a row heeds it, unless its `versioned` says otherwise.
 */
export function conditional<Identity>(verbs: Verbs<Identity>): Verbs<Identity> {
  const { get, post, put, delete: remove } = verbs
  return { get, post: heeding(post), put: heeding(put), delete: heeding(remove) }
}

function heeding<Verb>(verb: Verb): Verb {
  const declared: Declared = (path, schemas, handle) => {
    const { versioned = path.startsWith("/:id") ? "condition" : false } = schemas
    const isHeeded = versioned === true || versioned === "condition"
    const refusing = (context: RequestInfo) => {
      assertUnconditional(context)
      return handle(context)
    }
    ;(verb as Declared)(path, { ...schemas, versioned }, isHeeded ? handle : refusing)
  }
  return declared as Verb
}

/** @throws {ConditionUnsupported} */
function assertUnconditional({ header }: Pick<RequestInfo, "header">): void {
  const condition = header("if-match")
  if (condition !== undefined && condition.trim() !== "*") throw new ConditionUnsupported()
}
