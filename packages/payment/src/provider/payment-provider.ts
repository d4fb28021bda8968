import type { Amount } from "@marquetry/money"

/** What a provider keeps with a session or payment, as plain JSON. A session's is shown to the buyer: no secrets of the shop. */
export type PaymentData = Readonly<Record<string, unknown>>

/** What is known of the buyer. */
export interface PaymentContext {
  readonly email?: string | null
  readonly customer?: Readonly<Record<string, unknown>> | null
  /** The buyer as this provider knows them, where an account holder was made. */
  readonly accountHolder?: { readonly externalId: string; readonly data: PaymentData } | null
  readonly [name: string]: unknown
}

interface Call {
  /**
   * One key per intention: a call that comes again under the same key, from any process, does nothing new and answers what
   * the first one did.
   */
  readonly idempotencyKey: string
  /** Aborted when the answer has taken too long; the call is then held to have an unknown outcome. */
  readonly signal: AbortSignal
}

interface SessionCall extends Call {
  readonly data: PaymentData
  readonly context: PaymentContext
}

export interface InitiateInput extends SessionCall {
  /** Names the session in whatever the provider tells later, by webhook. */
  readonly sessionId: string
  readonly amount: Amount
  /** ISO 4217, lower case. */
  readonly currencyCode: string
}

export interface UpdateInput extends SessionCall {
  readonly sessionId: string
  readonly amount: Amount
  readonly currencyCode: string
}

export interface AuthorizeInput extends SessionCall {
  readonly sessionId: string
  readonly amount: Amount
  readonly currencyCode: string
}

/** A call about a session without an amount. */
export interface SessionInput extends Call {
  readonly sessionId: string
  readonly data: PaymentData
}

/** A call about a payment that was authorised. */
export interface PaymentInput extends Call {
  readonly data: PaymentData
  readonly amount: Amount
  readonly currencyCode: string
}

export interface ProviderSession {
  readonly data: PaymentData
  /** `requires_more`: the buyer must do something before it can be authorised. `pending` unless said. */
  readonly status?: "pending" | "requires_more"
}

/**
 * `authorized`, the money is set aside; `captured`, it was taken at once; `requires_more`, the buyer must do something and
 * it is authorised again; `pending`, the provider will tell by webhook; `error`, it was refused.
 */
export type AuthorizationStatus = "authorized" | "captured" | "requires_more" | "pending" | "error"

/** What became of an authorisation. */
export interface Authorization {
  readonly status: AuthorizationStatus
  readonly data: PaymentData
  /** For people: why it was refused. */
  readonly message?: string | undefined
}

/** What became of an attempt: as {@link Authorization}, or `none` when it never arrived at the provider. */
export interface AttemptOutcome {
  readonly status: AuthorizationStatus | "none"
  readonly data: PaymentData
  readonly message?: string | undefined
}

/** A request that a provider makes to the shop, as it came. */
export interface WebhookRequest {
  /** The bytes that were signed, before any parsing. */
  readonly rawBody: string | Buffer
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** What a webhook says, in our words. */
export type WebhookAction =
  | { readonly type: "not_supported" }
  | {
      /** `captured`: `amount` is all that was captured so far. `failed`: the provider gave up the attempt. */
      readonly type: "authorized" | "captured" | "failed"
      /** The provider's id of this news: news that comes again is passed over. */
      readonly eventId: string
      readonly sessionId: string
      readonly amount: Amount
      /** Replaces what is kept with the session; left out, that stays. */
      readonly data?: PaymentData
    }

/** Customers at a provider, for those that know any. */
export interface AccountHolderProvider {
  create(input: AccountHolderInput & Call): Promise<{ externalId: string; data: PaymentData }>
  update(input: AccountHolderInput & Call & { externalId: string }): Promise<{ data: PaymentData }>
  delete(input: Call & { externalId: string; data: PaymentData }): Promise<void>
}

export interface AccountHolderInput {
  readonly email: string | null
  readonly name: string | null
  /** Ours, to find them there. */
  readonly customerId: string | null
  readonly data: PaymentData
}

/**
 * Takes money: the extension point for payment services.
 *
 * A provider keeps nothing in memory: every call may come in another process. It is never called inside a transaction
 * unless it is {@link local}. It throws `PaymentDeclined` when it refused and did nothing, `ProviderUnavailable` when it is
 * not known what happened: then the same call comes again later under the same key. Any other error is a bug, and its
 * outcome is held to be unknown too.
 */
export interface PaymentProvider {
  /** `pp_` and a name, permanent: rows name it. */
  readonly id: string
  /**
   * Whether nothing is outside of the shop's database: payment on delivery, on account. Then calls may be part of a
   * transaction, and a checkout is one. They must not fail, and must not wait for anything.
   */
  readonly local?: boolean
  /** When a buyer chooses this way to pay. Nothing is set aside yet. */
  initiate(input: InitiateInput): Promise<ProviderSession>
  /** When amount, data or buyer of an open session change. */
  update(input: UpdateInput): Promise<ProviderSession>
  /** When the order is placed: sets the money aside. May be called again for a session, under other keys too. */
  authorize(input: AuthorizeInput): Promise<Authorization>
  /** When it is not known what became of an attempt to authorise: after a crash, or after no answer. Changes nothing. */
  statusOf(input: SessionInput): Promise<AttemptOutcome>
  /** When money that was set aside is taken, in parts too. Answers what to keep with the payment. */
  capture(input: PaymentInput): Promise<{ data: PaymentData }>
  /** When money that was taken is given back, in parts too. */
  refund(input: PaymentInput): Promise<{ data: PaymentData }>
  /** When an authorised payment is given up of which nothing was captured. */
  cancel(input: PaymentInput): Promise<{ data: PaymentData }>
  /**
   * When a session is given up. The buyer may have paid all the same: what was set aside is freed, what was captured is
   * given back. What the provider does not know (any more) is done.
   */
  delete(input: SessionInput): Promise<void>
  /**
   * When the provider calls the shop. Checks the signature first, and throws `WebhookRejected` if it is wrong. Left out by
   * those that never call.
   */
  webhook?(request: WebhookRequest): Promise<WebhookAction> | WebhookAction
  readonly accountHolders?: AccountHolderProvider
}
