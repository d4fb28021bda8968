import { createHash, randomUUID } from "node:crypto"
import type { Database } from "@marquetry/kernel"
import { IdempotencyInProgress, IdempotencyKeyInvalid, IdempotencyKeyReused } from "./idempotency.errors.ts"
import { IdempotentRequest } from "./idempotent-request.entity.ts"
import { seal, unseal } from "./seal.ts"

/** A request that came with a key. */
export interface KeyedRequest {
  readonly key: string
  /** Keys of one caller are not those of another: what callers are told apart by. */
  readonly credentials: readonly (string | undefined)[]
  /** What must be the same when the key comes again. */
  readonly content: readonly (string | Buffer)[]
  /** Of a body that is read by the work, as it arrives. */
  readonly streamed?: StreamedBody
}

/** A body that nobody has as a whole. What was read of it must be the same when the key comes again; the rest has decided nothing. */
export interface StreamedBody {
  /** What was read so far, as a text without blanks. */
  readonly mark: () => string
  /** Reads as much as was read then. */
  readonly isSame: (mark: string) => Promise<boolean>
}

/** What was answered, or is about to be. */
export interface Answer {
  readonly status: number
  /** Those that the route set itself. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** JSON; `undefined` when there is no body. */
  readonly text: string | undefined
}

/** How a request is run, and what is answered when it throws. */
export interface Work {
  readonly run: () => Promise<Answer>
  readonly refusalOf: (error: unknown) => Answer
  /** Whether the work is done without a transaction around it. */
  readonly external: boolean
}

export interface Outcome {
  readonly answer: Answer
  /** Whether it is the answer to an earlier request. */
  readonly replayed: boolean
}

/** For how long an external request keeps others out after its process has died. Milliseconds. */
const LEASE = 60_000
/** For how long an answer is kept, as an interval of Postgres. */
const KEPT = "24 hours"

/**
 * Takes a key, unless somebody runs a request with it at this moment (`free` is false) or has run one (`claimed` is
 * false). The lock ends with the transaction; it keeps a duplicate from waiting for the row of a transaction under way.
 */
const CLAIM = `with lock as materialized (select pg_try_advisory_xact_lock($2::bigint) as free),
  claimed as (
    insert into "http"."idempotent_request" as r (id, request, claim, leased_until, status, answer, created_at)
    select $1::text, $3::text, $4::text, now() + $5::int * interval '1 millisecond', $6::int, $7::text, now() from lock
    where free
    on conflict (id) do update set request = excluded.request, claim = excluded.claim,
      leased_until = excluded.leased_until, status = excluded.status, answer = excluded.answer,
      created_at = excluded.created_at
    where r.created_at <= now() - interval '${KEPT}'
      or (r.status is null and r.leased_until <= now() and r.request = excluded.request)
    returning 1)
  select (select free from lock) as free, exists (select 1 from claimed) as claimed`

const FIND = `select request, status, answer from "http"."idempotent_request"
  where id = $1::text and created_at > now() - interval '${KEPT}'`

const SETTLE = `update "http"."idempotent_request" set status = $3::int, answer = $4::text, request = $5::text
  where id = $1::text and claim = $2::text`

const RENEW = `update "http"."idempotent_request" set leased_until = now() + $3::int * interval '1 millisecond'
  where id = $1::text and claim = $2::text and status is null`

const RELEASE = `delete from "http"."idempotent_request" where id = $1::text and claim = $2::text and status is null`

/** A keyed request, and who runs it. */
interface Claim {
  readonly id: string
  readonly lock: string
  readonly request: string
  readonly streamed: StreamedBody | undefined
  readonly token: string
  readonly secret: Buffer
}

/** An answer that was given before, and what had been read of the body then. */
interface Earlier {
  readonly answer: Answer
  readonly mark: string | undefined
}

/** Carries an answer out of a transaction that must not commit. */
class Undone extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super("The answer is a failure: nothing of it is kept")
    this.answer = answer
  }
}

/** Runs each keyed request once, whatever the number of processes that it is sent to. */
export class Idempotency {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** Whether answers can be kept in this database. */
  static isIn(db: Database): boolean {
    return db.orm.getMetadata().has(IdempotentRequest)
  }

  /**
   * Runs a request, or answers what was answered before.
   *
   * @throws {IdempotencyKeyInvalid} {@link IdempotencyKeyReused} {@link IdempotencyInProgress}
   */
  async run(request: KeyedRequest, work: Work): Promise<Outcome> {
    if (!/^[!-~]{1,255}$/.test(request.key)) throw new IdempotencyKeyInvalid()
    const claim = claimOf(request)
    const outcome = await (work.external ? this.#runAlone(claim, work) : this.#runInside(claim, work))
    if (!("mark" in outcome)) return { answer: outcome, replayed: false }
    const { answer, mark } = outcome
    // Outside of the transaction: a body may be long in coming.
    if (mark !== undefined && (await claim.streamed?.isSame(mark)) !== true) throw new IdempotencyKeyReused()
    return { answer, replayed: true }
  }

  /** What the work wrote and its answer commit together. */
  async #runInside(claim: Claim, { run, refusalOf }: Work): Promise<Answer | Earlier> {
    let claimed = false
    try {
      return await this.#db.transaction(async () => {
        const earlier = await this.#claim(claim)
        if (earlier !== undefined) return earlier
        claimed = true
        const answer = await run()
        if (answer.status >= 500) throw new Undone(answer)
        await this.#settle(claim, answer)
        return answer
      })
    } catch (error) {
      if (error instanceof Undone) return error.answer
      // What was refused was rolled back, and the claim with it. Should a duplicate have come in between, its answer is
      // the one that is kept.
      if (claimed) await this.#keepRefusal(refusalOf(error), (answer) => this.#take(claim, answer))
      throw error
    }
  }

  /** The claim is seen by all while the work runs; a lease ends it when this process dies. */
  async #runAlone(claim: Claim, { run, refusalOf }: Work): Promise<Answer | Earlier> {
    const earlier = await this.#claim(claim)
    if (earlier !== undefined) return earlier
    // One that fails is made up for by the next; if none succeeds, the lease ends.
    const renewing = setInterval(() => void this.#renew(claim).catch(() => {}), LEASE / 3)
    renewing.unref()
    try {
      const answer = await run()
      if (answer.status < 500) await this.#settle(claim, answer)
      else await this.#release(claim)
      return answer
    } catch (error) {
      const kept = await this.#keepRefusal(refusalOf(error), (answer) => this.#settle(claim, answer))
      if (!kept) await this.#release(claim)
      throw error
    } finally {
      clearInterval(renewing)
    }
  }

  /** The answer to an earlier request with the key, if there is one; otherwise the key is ours. */
  async #claim(claim: Claim): Promise<Earlier | undefined> {
    const { free, claimed } = await this.#take(claim)
    if (!free) throw new IdempotencyInProgress()
    if (claimed) return undefined
    const [row] = await this.#db.sql<{ request: string; status: number | null; answer: string | null }>(FIND, [
      claim.id,
    ])
    const [request, mark] = row?.request.split(" ") ?? []
    if (row !== undefined && request !== claim.request) throw new IdempotencyKeyReused()
    // Between the two statements a failed request may have given its claim back.
    if (row?.status == null || row.answer === null) throw new IdempotencyInProgress()
    const { headers, text } = JSON.parse(unseal(row.answer, claim.secret)) as Omit<Answer, "status">
    return { answer: { status: row.status, headers, text }, mark }
  }

  /** @param answer if it is known already. */
  async #take(claim: Claim, answer?: Answer): Promise<{ free: boolean; claimed: boolean }> {
    const [status, sealed] = answer === undefined ? [null, null] : storedForm(claim, answer)
    const [row] = await this.#db.sql<{ free: boolean; claimed: boolean }>(CLAIM, [
      claim.id,
      claim.lock,
      answer === undefined ? claim.request : settledRequest(claim),
      claim.token,
      LEASE,
      status,
      sealed,
    ])
    return row as { free: boolean; claimed: boolean }
  }

  async #settle(claim: Claim, answer: Answer): Promise<void> {
    await this.#db.run(SETTLE, [claim.id, claim.token, ...storedForm(claim, answer), settledRequest(claim)])
  }

  async #renew({ id, token }: Claim): Promise<void> {
    await this.#db.run(RENEW, [id, token, LEASE])
  }

  /** When this fails too, the lease ends the claim. */
  async #release({ id, token }: Claim): Promise<void> {
    await this.#db.run(RELEASE, [id, token]).catch(() => {})
  }

  /** Refusals are kept, failures are not: trying again may help. */
  async #keepRefusal(refusal: Answer, keep: (refusal: Answer) => Promise<unknown>): Promise<boolean> {
    if (refusal.status >= 500) return false
    await keep(refusal)
    return true
  }
}

/** Deletes answers that are kept no longer. @returns how many there were. */
export function forgetIdempotentRequests(db: Database): Promise<number> {
  return db.run(`delete from "http"."idempotent_request" where created_at <= now() - interval '${KEPT}'`)
}

function claimOf({ key, credentials, content, streamed }: KeyedRequest): Claim {
  // As JSON, no two lists of texts are one text.
  const caller = JSON.stringify([...credentials, key])
  const digest = createHash("sha256").update(caller).digest()
  const request = createHash("sha256")
  for (const part of content) request.update(part).update("\0")
  return {
    id: digest.toString("hex"),
    lock: String(digest.readBigInt64BE(0)),
    request: request.digest("hex"),
    streamed,
    token: randomUUID(),
    secret: createHash("sha256").update("answer\0").update(caller).digest(),
  }
}

/** What must be the same when the key comes again, once it is known what was read of the body. */
const settledRequest = ({ request, streamed }: Claim): string =>
  streamed === undefined ? request : `${request} ${streamed.mark()}`

const storedForm = ({ secret }: Claim, { status, headers, text }: Answer): [status: number, sealed: string] => [
  status,
  seal(JSON.stringify({ headers, text }), secret),
]
