import type { Database, Events } from "@marquetry/kernel"
import type { NotificationProviders } from "../provider/providers.ts"
import { isRefused } from "./notification.errors.ts"
import { NotificationFailed } from "./notification.events.ts"
import { recordAttempts, type Attempt, type DueNotification } from "./notification-rows.ts"

/** How often, and when, sending is tried again. */
export interface RetryPolicy {
  /** How often a notification is tried at most. */
  readonly maxAttempts: number
  /** Milliseconds before the second attempt; doubled for each one after it. */
  readonly backoff: number
}

/** Sends at once no more than that. */
const AT_ONCE = 10

/** Sends notifications that are recorded, and records what came of it. */
export class NotificationSender {
  readonly #db: Database
  readonly #events: Events
  readonly #providers: NotificationProviders
  readonly #policy: RetryPolicy

  constructor(db: Database, events: Events, providers: NotificationProviders, policy: RetryPolicy) {
    this.#db = db
    this.#events = events
    this.#providers = providers
    this.#policy = policy
  }

  /** Never throws for what a provider does: that is recorded. */
  async send(notifications: readonly DueNotification[]): Promise<Attempt[]> {
    const attempts: Attempt[] = []
    const waiting = notifications.values()
    const work = async () => {
      for (const notification of waiting) attempts.push(await this.#attempt(notification))
    }
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, notifications.length) }, work))
    const byId = new Map(notifications.map((notification) => [notification.id, notification]))
    const givenUp = attempts.filter(({ status, retryIn }) => status === "failure" && retryIn === null)
    await this.#db.transaction(async () => {
      await recordAttempts(this.#db, attempts)
      await this.#events.emitMany(
        NotificationFailed,
        givenUp.map(({ id, error }) => {
          const { channel, template } = byId.get(id) as DueNotification
          return { id, channel, template, message: error ?? "" }
        }),
      )
    })
    return attempts
  }

  async #attempt({ providerId, attempts, ...notification }: DueNotification): Promise<Attempt> {
    const { id } = notification
    try {
      const externalId = await this.#providers.send(this.#db, providerId, notification)
      return { id, status: "success", externalId: externalId ?? null, error: null, retryIn: null }
    } catch (error) {
      const isLast = isRefused(error) || attempts + 1 >= this.#policy.maxAttempts
      const message = error instanceof Error ? error.message : String(error)
      const retryIn = isLast ? null : (this.#policy.backoff * 2 ** attempts) / 1_000
      return { id, status: "failure", externalId: null, error: message.slice(0, 2_000), retryIn }
    }
  }
}
