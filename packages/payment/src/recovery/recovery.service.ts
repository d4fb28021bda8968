import type { Database } from "@marquetry/kernel"
import { claimDueOperations, type OperationRow } from "../payment/operation-rows.ts"
import type { PaymentOperations } from "../payment/payment-operations.ts"
import type { PaymentSessionService } from "../payment-session/payment-session.service.ts"
import { releaseSession, type SessionRow } from "../payment-session/session-rows.ts"
import type { PaymentProviders } from "../provider/providers.ts"
import { claimUnderWay, claimUnreleased } from "./recovery-rows.ts"

/** What {@link PaymentRecoveryService.recoverPending} came to. */
export interface Recovered {
  /** Ids of captures, refunds, cancellations and sessions that are as they should be now. */
  readonly done: readonly string[]
  /** What comes again later, and why: the provider did not answer, or refused. */
  readonly left: readonly { readonly id: string; readonly error: unknown }[]
}

/** What is done for one row; whether it is as it should be now. */
interface Task {
  readonly id: string
  readonly run: () => Promise<boolean>
}

/** How long news of providers are remembered: longer than any of them repeats one. */
const REMEMBER_EVENTS = `delete from "payment"."webhook_event" where received_at < now() - interval '90 days'`

/** Finishes what a crash, or a provider without an answer, has left half done. Any number of processes may, at once. */
export class PaymentRecoveryService {
  readonly #db: Database
  readonly #providers: PaymentProviders
  readonly #operations: PaymentOperations
  readonly #sessions: PaymentSessionService
  readonly #seconds: number

  /** @param recoverAfter milliseconds after which nobody is thought to wait for an answer any more. */
  constructor(
    db: Database,
    providers: PaymentProviders,
    operations: PaymentOperations,
    sessions: PaymentSessionService,
    recoverAfter: number,
  ) {
    this.#db = db
    this.#providers = providers
    this.#operations = operations
    this.#sessions = sessions
    this.#seconds = recoverAfter / 1_000
  }

  /**
   * Asks providers again, under the same keys, for captures, refunds and cancellations that were reserved and not answered;
   * asks what became of authorisations that nobody recorded, and records it; tells providers of sessions that were dropped.
   * To be called now and then, by a job. Harmless if called twice, or by several processes.
   *
   * @param limit how many of each at most.
   */
  async recoverPending(limit = 50): Promise<Recovered> {
    const operations = await claimDueOperations(this.#db, this.#seconds, limit)
    const underWay = await claimUnderWay(this.#db, this.#seconds, limit)
    const unreleased = await claimUnreleased(this.#db, this.#seconds, limit)
    await this.#db.run(REMEMBER_EVENTS)
    const tasks: Task[] = [
      ...operations.map((operation) => ({ id: operation.id, run: () => this.#perform(operation) })),
      ...underWay.map(({ id }) => ({ id, run: () => this.#settle(id) })),
      ...unreleased.map((session) => ({ id: session.id, run: () => this.#release(session) })),
    ]
    const [done, left]: [string[], Recovered["left"][number][]] = [[], []]
    await Promise.all(
      tasks.map(async ({ id, run }) => {
        try {
          if (await run()) done.push(id)
        } catch (error) {
          left.push({ id, error })
        }
      }),
    )
    return { done, left }
  }

  async #perform(operation: OperationRow): Promise<true> {
    await this.#operations.perform(operation)
    return true
  }

  async #release(session: SessionRow): Promise<true> {
    await releaseSession(this.#db, this.#providers, session)
    return true
  }

  /** `pending` stays as it is: the provider will tell, or is asked again later. */
  async #settle(sessionId: string): Promise<boolean> {
    const outcome = await this.#sessions.statusOf(sessionId)
    if (outcome.status === "pending") return false
    await this.#sessions.recordAndTell(sessionId, outcome)
    return true
  }
}
