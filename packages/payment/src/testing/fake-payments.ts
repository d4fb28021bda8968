import { Amount } from "@marquetry/money"

/** What the fake service does with the requests to come. */
export interface FakeBehavior {
  /** What becomes of authorisations: `authorized` unless said. */
  readonly authorize?: "authorized" | "captured" | "requires_more" | "pending" | "error"
  /** Which requests are refused, with nothing done. */
  readonly decline?: readonly FakeRequest["method"][]
  /** Whether the connection is cut `before` a request is done, or `after` it. */
  readonly cut?: "before" | "after"
  /** Milliseconds before each answer. */
  readonly delay?: number
}

/** A request as it came. */
export interface FakeRequest {
  readonly method: "initiate" | "update" | "authorize" | "statusOf" | "capture" | "refund" | "cancel" | "delete"
  readonly sessionId: string
  readonly idempotencyKey: string
  /** Major units. */
  readonly amount: string
  readonly currencyCode: string
}

/** What the service holds of a session, in major units. */
export interface FakeSession {
  authorized: Amount
  captured: Amount
  refunded: Amount
  status: NonNullable<FakeBehavior["authorize"]> | "none"
  isDeleted: boolean
}

export interface FakeAnswer {
  readonly code: number
  readonly body: Readonly<Record<string, unknown>>
}

const refused: FakeAnswer = { code: 402, body: { message: "The card was declined" } }

/** The books of a payment service, without its wire: amounts cannot be exceeded, keys are honoured. */
export class FakePayments {
  readonly sessions = new Map<string, FakeSession>()
  readonly #answers = new Map<string, FakeAnswer>()

  answer(request: FakeRequest, behavior: FakeBehavior): FakeAnswer {
    if (request.method === "statusOf") return this.#statusOf(request)
    const key = `${request.method} ${request.idempotencyKey}`
    const before = this.#answers.get(key)
    if (before !== undefined) return before
    const answer = behavior.decline?.includes(request.method) === true ? refused : this.#do(request, behavior)
    this.#answers.set(key, answer)
    return answer
  }

  #statusOf({ sessionId, idempotencyKey }: FakeRequest): FakeAnswer {
    const attempted = this.#answers.get(`authorize ${idempotencyKey}`)
    return ok(sessionId, attempted === undefined ? "none" : this.#sessionOf(sessionId).status)
  }

  #do({ method, sessionId, amount }: FakeRequest, { authorize = "authorized" }: FakeBehavior): FakeAnswer {
    const session = this.#sessionOf(sessionId)
    switch (method) {
      case "authorize":
        return this.#authorize(sessionId, session, Amount.of(amount), authorize)
      case "capture":
        if (session.captured.plus(amount).greaterThan(session.authorized)) return refused
        session.captured = session.captured.plus(amount)
        break
      case "refund":
        if (session.refunded.plus(amount).greaterThan(session.captured)) return refused
        session.refunded = session.refunded.plus(amount)
        break
      case "cancel":
        if (session.captured.isPositive()) return refused
        session.authorized = Amount.zero
        break
      case "delete":
        session.isDeleted = true
        session.refunded = session.captured
        session.authorized = session.captured
        break
      default:
    }
    return ok(sessionId)
  }

  #authorize(id: string, session: FakeSession, amount: Amount, status: FakeSession["status"]): FakeAnswer {
    if (session.status === "authorized" || session.status === "captured") return ok(id, session.status)
    session.status = status
    if (status === "authorized" || status === "captured") session.authorized = amount
    if (status === "captured") session.captured = amount
    return ok(id, status)
  }

  #sessionOf(id: string): FakeSession {
    let session = this.sessions.get(id)
    if (session === undefined) {
      const [authorized, captured, refunded] = [Amount.zero, Amount.zero, Amount.zero]
      session = { authorized, captured, refunded, status: "none", isDeleted: false }
      this.sessions.set(id, session)
    }
    return session
  }
}

const ok = (sessionId: string, status?: string): FakeAnswer => ({
  code: 200,
  body: { data: { reference: sessionId }, ...(status === undefined ? {} : { status }) },
})
