import { newId, type Database, type Events } from "@marquetry/kernel"
import { PaymentCaptured } from "../payment/payment.events.ts"
import type { PaymentSessionService } from "../payment-session/payment-session.service.ts"
import { NotOffered } from "../provider/provider.errors.ts"
import type { WebhookAction, WebhookRequest } from "../provider/payment-provider.ts"
import type { PaymentProviders } from "../provider/providers.ts"

type Told = Exclude<WebhookAction, { type: "not_supported" }>

/** What a webhook came to. */
export interface WebhookResult {
  readonly type: WebhookAction["type"]
  /** `false` for news that was heard before, that is not for us, or that we have no use for. */
  readonly isApplied: boolean
}

const FIND = `select s.deleted_at is not null as dropped, p.id as payment_id
  from "payment"."payment_session" s left join "payment"."payment" p on p.payment_session_id = s.id where s.id = $1`

/**
 * `$2` is all that was captured so far. What we have asked for ourselves and are about to write (`capturing_amount`) is in
 * it, and is not counted twice.
 */
const CAPTURE_TOLD = `with held as materialized (
    select id, least($2::numeric, amount) - captured_amount - capturing_amount as part from "payment"."payment"
    where id = $1 and canceled_at is null and not canceling for no key update
  ), paid as (
    update "payment"."payment" p set captured_amount = p.captured_amount + held.part, updated_at = now(),
      captured_at = case when p.captured_amount + held.part >= p.amount then now() end
    from held where p.id = held.id and held.part > 0 returning p.*, held.part
  ), counted as (
    update "payment"."payment_collection" c set captured_amount = c.captured_amount + paid.part, updated_at = now(),
      completed_at = case when c.captured_amount + paid.part >= c.amount then coalesce(c.completed_at, now()) else c.completed_at end
    from paid where c.id = paid.payment_collection_id
  ), made as (
    insert into "payment"."capture" (id, payment_id, amount, created_at, updated_at)
    select $3, id, part, now(), now() from paid
  )
  select payment_collection_id, currency_code, trim_scale(part)::text as part from paid`

/** Hears what providers tell of payments. */
export class PaymentWebhookService {
  readonly #db: Database
  readonly #events: Events
  readonly #providers: PaymentProviders
  readonly #sessions: PaymentSessionService

  constructor(db: Database, events: Events, providers: PaymentProviders, sessions: PaymentSessionService) {
    this.#db = db
    this.#events = events
    this.#providers = providers
    this.#sessions = sessions
  }

  /**
   * Checks who calls, and writes what they tell: a payment that was authorised or captured, an attempt that failed. What
   * is told again changes nothing. When it throws, the provider should tell again.
   *
   * @throws {UnknownProvider} {@link NotOffered} {@link WebhookRejected} {@link ProviderUnavailable}
   */
  async handleWebhook(providerId: string, request: WebhookRequest): Promise<WebhookResult> {
    const action = await this.#providers.call(this.#db, providerId, async (provider) => {
      if (provider.webhook === undefined) throw new NotOffered(providerId, "webhooks")
      return provider.webhook(request)
    })
    if (action.type === "not_supported") return { type: action.type, isApplied: false }
    const isApplied = await this.#db.transaction(async () => {
      const isNew = await this.#db.run(
        `insert into "payment"."webhook_event" (id, received_at) values ($1, now()) on conflict do nothing`,
        [`${providerId}:${action.eventId}`],
      )
      return isNew > 0 && this.#apply(action)
    })
    return { type: action.type, isApplied }
  }

  async #apply(action: Told): Promise<boolean> {
    const { sessionId, type } = action
    const [found] = await this.#db.sql<{ dropped: boolean; payment_id: string | null }>(FIND, [sessionId])
    // Several shops may share an account at a provider.
    if (found === undefined) return false
    if (found.dropped) return this.#forgo(action)
    const data = action.data ?? null
    if (type === "failed") {
      await this.#sessions.recordAndTell(sessionId, { status: "error", data })
      return true
    }
    // A payment that exists is not recorded again: that would lock its collection before itself, against the order of locks.
    const paymentId =
      found.payment_id ?? (await this.#sessions.recordAndTell(sessionId, { status: "authorized", data })).payment?.id
    if (type === "captured" && paymentId !== undefined) await this.#captured(paymentId, action)
    return true
  }

  /** The buyer paid with a session that was dropped: the provider is told (again) that nobody wants it. */
  async #forgo({ sessionId, type }: Told): Promise<boolean> {
    if (type === "failed") return false
    const changed = await this.#db.run(
      `update "payment"."payment_session" set released_at = null where id = $1 and deleted_at is not null`,
      [sessionId],
    )
    return changed > 0
  }

  async #captured(paymentId: string, { amount }: Told): Promise<void> {
    const captureId = newId("capt")
    const [row] = await this.#db.sql<{ payment_collection_id: string; currency_code: string; part: string }>(
      CAPTURE_TOLD,
      [paymentId, amount.toString(), captureId],
    )
    if (row === undefined) return
    await this.#events.emit(PaymentCaptured, {
      id: paymentId,
      paymentCollectionId: row.payment_collection_id,
      amount: row.part,
      currencyCode: row.currency_code,
      captureId,
    })
  }
}
