import type { Database } from "@marquetry/kernel"
import { renewClaim } from "../operation/operation-rows.ts"

/** An operation of which this process cannot say any more that no other is at it. */
export class LeaseLost extends Error {
  override readonly name = "AbortError"
  constructor(id: string) {
    super(`Another process may have taken over the operation "${id}"`)
  }
}

/** Keeps an operation as long as this process is at it, and says when it cannot. */
export class Lease {
  readonly #stop = new AbortController()
  readonly #timer: NodeJS.Timeout
  /** By the clock of this process, in milliseconds. */
  #until: number

  /** @param length milliseconds that it holds each time. */
  constructor(db: Database, id: string, claim: string, length: number) {
    this.#until = Date.now() + length
    const renew = async () => {
      const asked = Date.now()
      // A database that is away is not the end: the lease may last until it is back.
      const renewed = await db.untold(() => renewClaim(db, id, claim, length)).catch(() => undefined)
      if (renewed === true) this.#until = asked + length
      else if (renewed === false || Date.now() >= this.#until) this.#stop.abort(new LeaseLost(id))
    }
    this.#timer = setInterval(() => void renew(), length / 3)
    this.#timer.unref()
  }

  /** Aborted when the lease is lost. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  end(): void {
    clearInterval(this.#timer)
  }
}
