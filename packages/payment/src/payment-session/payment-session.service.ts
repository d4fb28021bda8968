import {
  ModuleError,
  newId,
  NotFound,
  parse,
  type Database,
  type EntityOf,
  type Events,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { Amount, currencyOf } from "@marquetry/money"
import type { z } from "zod"
import { PaymentSession } from "../payment/payment.entity.ts"
import { AlreadyAuthorized, AmountTooHigh, CollectionChanged, SessionClosed } from "../payment/payment.errors.ts"
import { PaymentAuthorized, PaymentCaptured } from "../payment/payment.events.ts"
import { paymentSessionResource } from "../payment/payment.resources.ts"
import { sessionFields } from "../payment/payment.view.ts"
import { isDeclined, isUnavailable } from "../provider/provider.errors.ts"
import type { AttemptOutcome, Authorization, PaymentData, ProviderSession } from "../provider/payment-provider.ts"
import type { PaymentProviders } from "../provider/providers.ts"
import { AuthorizeSession, CreatePaymentSession, UpdatePaymentSession } from "./payment-session.schema.ts"
import { recordAuthorization, type Outcome, type RecordedAuthorization } from "./record-authorization.ts"
import {
  dropOpenSessions,
  dropSession,
  getSession,
  readSession,
  releaseSession,
  sessionJson,
  type SessionRow,
} from "./session-rows.ts"

export type PaymentSessionView = Selected<EntityOf<typeof paymentSessionResource>, typeof sessionFields>

/** What is left to pay of a collection. */
interface Room {
  readonly amount: Amount
  readonly currencyCode: string
  /** Whether there may be an open session. */
  readonly hadSession: boolean
}

interface RoomRow {
  readonly currency_code: string
  readonly rest: string
  readonly is_authorized: boolean
  readonly had_session: boolean
}

interface NewSession extends Omit<Room, "hadSession"> {
  readonly id: string
  readonly paymentCollection: string
  readonly providerId: string
  readonly context: PaymentData
  readonly metadata: Record<string, unknown> | null
}

const room = `c.currency_code, greatest(c.amount - c.authorized_amount, 0)::text as rest,
    c.stage = 'paying' and c.authorized_amount >= c.amount as is_authorized`

const READ_ROOM = `select ${room}, true as had_session from "payment"."payment_collection" c
  where c.id = $1 and c.deleted_at is null`

/** Locks the collection too, and says that a session awaits its buyer. A collection that has none has stage `none`. */
const TAKE_ROOM = `with held as materialized (
    select id, stage from "payment"."payment_collection" where id = $1 and deleted_at is null for no key update
  )
  update "payment"."payment_collection" c
  set stage = case c.stage when 'paying' then c.stage else 'awaiting' end, updated_at = now()
  from held where c.id = held.id returning ${room}, held.stage <> 'none' as had_session`

/** Reads the session, and marks it as under way where the provider is not a local one: nobody can drop it then. */
const BEGIN = `with begun as (
    update "payment"."payment_session"
    set status = 'pending_authorization', idempotency_key = $2, claimed_at = now(), updated_at = now()
    where id = $1 and deleted_at is null and status in ('pending', 'requires_more', 'pending_authorization', 'error')
      and provider_id <> all($3::text[])
    returning id
  )
  select ${sessionJson("s")} as session, exists (select from begun) as begun
  from "payment"."payment_session" s where s.id = $1 and s.deleted_at is null`

const isDone = (status: string): status is "authorized" | "captured" => status === "authorized" || status === "captured"

/** Attempts to pay a collection. No method holds a transaction while it asks a provider, unless that is local. */
export class PaymentSessionService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query
  readonly #providers: PaymentProviders

  constructor(db: Database, events: Events, query: Query, providers: PaymentProviders) {
    this.#db = db
    this.#events = events
    this.#query = query
    this.#providers = providers
  }

  /**
   * Begins to pay with a provider; the open session of the collection is replaced. However many are made at once, one is
   * open in the end.
   *
   * @throws {NotFound} {@link UnknownProvider} {@link AlreadyAuthorized} {@link AmountTooHigh} {@link InvalidInput}
   * @throws {AuthorizationUnderWay} {@link CollectionChanged} {@link PaymentDeclined} {@link ProviderUnavailable}
   */
  async create(collectionId: string, input: CreatePaymentSession): Promise<PaymentSessionView> {
    const session = parse(CreatePaymentSession, input)
    if (this.#providers.isLocal(session.providerId)) {
      return this.#db.transaction(async () => {
        const room = await this.#room(TAKE_ROOM, collectionId)
        const made = this.#prepared(collectionId, session, room)
        await this.#replace(room, made, await this.#initiate(made, session.data))
        return this.get(made.id)
      })
    }
    const made = this.#prepared(collectionId, session, await this.#room(READ_ROOM, collectionId))
    const initiated = await this.#initiate(made, session.data)
    return this.#db
      .transaction(async () => {
        const room = await this.#room(TAKE_ROOM, collectionId)
        const now = this.#prepared(collectionId, session, room)
        const isSame = now.currencyCode === made.currencyCode && now.amount.equals(made.amount)
        if (!isSame) throw new CollectionChanged(collectionId)
        await this.#replace(room, made, initiated)
        return this.get(made.id)
      })
      .catch(async (error: unknown) => {
        // Kept as one that was dropped: the provider has to be told that nobody will use it.
        if (ModuleError.is(error)) await this.#insert(made, { ...initiated, deletedAt: new Date() })
        throw error
      })
  }

  /**
   * Gives the provider new data, or tells it more of the buyer.
   *
   * @throws {NotFound} {@link SessionClosed} {@link PaymentDeclined} {@link ProviderUnavailable} {@link InvalidInput}
   */
  async update(id: string, input: UpdatePaymentSession): Promise<PaymentSessionView> {
    const { data, context, metadata } = parse(UpdatePaymentSession, input)
    const session = await getSession(this.#db, id)
    const next = { ...session, data: data ?? session.data, context: context ?? session.context }
    const updated = await this.#providers.call(this.#db, session.providerId, (provider, signal) =>
      provider.update({ ...next, sessionId: id, idempotencyKey: newId(`${id}_update`), signal }),
    )
    const changed = await this.#db.run(
      `update "payment"."payment_session" set data = $2::jsonb, context = $3::jsonb, status = $4,
         metadata = case when $5::boolean then $6::jsonb else metadata end, updated_at = now()
       where id = $1 and deleted_at is null and status in ('pending', 'requires_more', 'error')`,
      [
        id,
        JSON.stringify(updated.data),
        JSON.stringify(next.context),
        updated.status ?? "pending",
        metadata !== undefined,
        JSON.stringify(metadata ?? null),
      ],
    )
    if (changed === 0) throw new SessionClosed(id, (await getSession(this.#db, id)).status)
    return this.get(id)
  }

  /**
   * Asks the provider to set the money aside, and writes nothing of its answer: give that to {@link record}, in the
   * transaction that places the order. Until then the session can be neither dropped nor replaced. One statement.
   *
   * To be called in a transaction only with providers that are local. When it throws {@link ProviderUnavailable} it is not
   * known what happened: ask again under the same key, or {@link statusOf} it.
   *
   * @returns `error` with a message when the provider declined.
   * @throws {NotFound} {@link SessionClosed} {@link ProviderUnavailable} {@link InvalidInput}
   */
  async authorize(id: string, input: AuthorizeSession = {}): Promise<Authorization> {
    const { idempotencyKey = id, context } = parse(AuthorizeSession, input)
    const [row] = await this.#db.sql<{ session: string; begun: boolean }>(BEGIN, [
      id,
      idempotencyKey,
      this.#providers.localIds,
    ])
    if (row === undefined) throw new NotFound("Payment session", id)
    const session = readSession(row.session)
    if (isDone(session.status)) return { status: session.status, data: session.data }
    const isOpen = row.begun || this.#providers.isLocal(session.providerId)
    if (!isOpen || session.status === "canceled") throw new SessionClosed(id, session.status)
    return this.#authorize(session, idempotencyKey, { ...session.context, ...context })
  }

  /**
   * Writes what came of an attempt, in the transaction under way: the session, its payment and what the collection counts.
   * One statement; two where it was written before: then it answers the payment that there is, whatever `outcome` says.
   *
   * @throws {NotFound} when the session was dropped meanwhile, which one that is under way cannot be.
   * @throws {SessionClosed} when its payment was canceled.
   */
  async record(id: string, outcome: AttemptOutcome): Promise<RecordedAuthorization> {
    return recordAuthorization(this.#db, id, outcome)
  }

  /**
   * {@link authorize} and {@link record}, for use without a flow: in one transaction where the provider is local.
   *
   * @throws {NotFound} {@link SessionClosed} {@link ProviderUnavailable} {@link InvalidInput}
   */
  async authorizeAndRecord(id: string, input: AuthorizeSession = {}): Promise<RecordedAuthorization> {
    const { providerId } = await getSession(this.#db, id)
    if (!this.#providers.isLocal(providerId)) return this.recordAndTell(id, await this.authorize(id, input))
    return this.#db.transaction(async () => this.recordAndTell(id, await this.authorize(id, input)))
  }

  /**
   * {@link record}, with the event `payment.authorized` where a payment was made, and `payment.captured` where it was
   * captured at once: for what comes from outside a flow.
   */
  async recordAndTell(id: string, outcome: Outcome): Promise<RecordedAuthorization> {
    return this.#db.transaction(async () => {
      const recorded = await recordAuthorization(this.#db, id, outcome)
      const { payment, collection, isNew } = recorded
      if (payment === null || !isNew) return recorded
      const part = { ...payment, paymentCollectionId: collection.id }
      await this.#events.emit(PaymentAuthorized, { ...part, paymentSessionId: id })
      if (payment.captureId !== null) {
        await this.#events.emit(PaymentCaptured, { ...part, captureId: payment.captureId })
      }
      return recorded
    })
  }

  /**
   * What became of the last attempt to authorise, for whoever finds one that was not recorded. Changes nothing. `none`: the
   * provider never heard of it.
   *
   * @throws {NotFound} {@link ProviderUnavailable}
   */
  async statusOf(id: string): Promise<AttemptOutcome> {
    const session = await getSession(this.#db, id)
    const { status, data, idempotencyKey } = session
    if (isDone(status) || status === "requires_more" || status === "error") return { status, data }
    if (status !== "pending_authorization") return { status: "none", data }
    return this.#providers.call(this.#db, session.providerId, (provider, signal) =>
      provider.statusOf({ sessionId: id, data, idempotencyKey: idempotencyKey ?? id, signal }),
    )
  }

  /**
   * Gives up an open session, one that is under way too, which only whoever began that may do: what was set aside is freed.
   * The provider is told before this returns; when it cannot be reached, by `recoverPending`.
   *
   * @throws {NotFound} {@link SessionClosed} when it was recorded as authorised: cancel the payment.
   */
  async abandon(id: string): Promise<void> {
    await this.#drop(id, true)
  }

  /**
   * Drops an open session. The provider is told before this returns; when it cannot be reached, by `recoverPending`.
   *
   * @throws {NotFound} {@link AuthorizationUnderWay} {@link SessionClosed} when it was authorised: cancel the payment.
   */
  async delete(id: string): Promise<void> {
    await this.#drop(id, false)
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<PaymentSessionView> {
    return this.#query.get(paymentSessionResource, id, { fields: sessionFields })
  }

  async #room(text: string, collectionId: string): Promise<Room> {
    const [row] = await this.#db.sql<RoomRow>(text, [collectionId])
    if (row === undefined) throw new NotFound("Payment collection", collectionId)
    if (row.is_authorized) throw new AlreadyAuthorized(collectionId)
    return { amount: Amount.of(row.rest), currencyCode: row.currency_code, hadSession: row.had_session }
  }

  #prepared(collectionId: string, session: z.output<typeof CreatePaymentSession>, room: Room): NewSession {
    const { providerId, context, metadata } = session
    const amount = (session.amount ?? room.amount).roundTo(currencyOf(room.currencyCode))
    if (amount.greaterThan(room.amount)) throw new AmountTooHigh(collectionId, room.amount.toString())
    const { currencyCode } = room
    return { id: newId("payses"), paymentCollection: collectionId, amount, currencyCode, providerId, context, metadata }
  }

  async #initiate(session: NewSession, data: PaymentData): Promise<ProviderSession> {
    const { id, amount, currencyCode, context } = session
    return this.#providers.call(this.#db, session.providerId, (provider, signal) =>
      provider.initiate({ sessionId: id, amount, currencyCode, data, context, idempotencyKey: id, signal }),
    )
  }

  async #replace({ hadSession }: Room, session: NewSession, initiated: ProviderSession): Promise<void> {
    if (hadSession) await dropOpenSessions(this.#db, session.paymentCollection, this.#providers.localIds)
    await this.#insert(session, initiated)
  }

  async #insert(session: NewSession, initiated: ProviderSession & { deletedAt?: Date }): Promise<void> {
    const { status = "pending", data, deletedAt = null } = initiated
    await this.#db.insertRows(PaymentSession, [
      { ...session, amount: session.amount.toString(), status, data, deletedAt },
    ])
  }

  async #authorize(session: SessionRow, idempotencyKey: string, context: PaymentData): Promise<Authorization> {
    const { id, amount, currencyCode, data } = session
    const input = { sessionId: id, amount, currencyCode, data, context, idempotencyKey }
    try {
      return await this.#providers.call(this.#db, session.providerId, (provider, signal) =>
        provider.authorize({ ...input, signal }),
      )
    } catch (error) {
      if (isDeclined(error)) return { status: "error", data, message: error.message }
      throw error
    }
  }

  async #drop(id: string, evenUnderWay: boolean): Promise<void> {
    const session = await dropSession(this.#db, id, this.#providers.localIds, evenUnderWay)
    if (this.#providers.isLocal(session.providerId) || this.#db.inTransaction) return
    try {
      await releaseSession(this.#db, this.#providers, session)
    } catch (error) {
      // It is dropped all the same, and not released: recovery tells the provider.
      if (!isUnavailable(error)) throw error
    }
  }
}
