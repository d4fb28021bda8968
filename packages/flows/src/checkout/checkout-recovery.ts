import type { Database } from "@marquetry/kernel"
import { claimAttempts, type Attempt } from "./checkout-attempts.ts"
import type { CheckoutFlow } from "./checkout-flow.ts"

/** What became of attempts that somebody had left. */
export interface RecoveredCheckouts {
  readonly placed: number
  readonly refused: number
}

/** As many as are taken up at once: each asks its provider, and all are done before their lease ends. */
const BATCH = 10

/** Finishes checkouts whose process died. Any number of processes may run it at once: an attempt is leased to one. */
export class CheckoutRecovery {
  readonly #db: Database
  readonly #checkout: CheckoutFlow

  constructor(db: Database, checkout: CheckoutFlow) {
    this.#db = db
    this.#checkout = checkout
  }

  /**
   * Finishes what is due. To be called now and then, by a job.
   *
   * @param limit attempts at most.
   * @throws {AggregateError} in the end, with what kept some from being finished: they are tried again later.
   */
  async run(limit = 100): Promise<RecoveredCheckouts> {
    const result = { placed: 0, refused: 0 }
    const failures: unknown[] = []
    for (let left = limit; left > 0; left -= BATCH) {
      const attempts = await claimAttempts(this.#db, Math.min(left, BATCH))
      await Promise.all(attempts.map((attempt) => this.#finish(attempt, result, failures)))
      if (attempts.length < BATCH) break
    }
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} checkouts could not be finished`)
    return result
  }

  async #finish(attempt: Attempt, result: { placed: number; refused: number }, failures: unknown[]): Promise<void> {
    try {
      const { kind } = await this.#checkout.resume(attempt)
      result[kind === "order" ? "placed" : "refused"]++
    } catch (error) {
      failures.push(error)
    }
  }
}
