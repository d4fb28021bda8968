import {
  ProviderUnavailable,
  type AuthorizeInput,
  type InitiateInput,
  type PaymentInput,
  type PaymentProvider,
  type SessionInput,
  type UpdateInput,
} from "@marquetry/payment"
import Stripe from "stripe"
import { stripeAccounts } from "./stripe-accounts.ts"
import { toStripe } from "./stripe-amount.ts"
import { explain, isMissing, unexpectedStateOf } from "./stripe-errors.ts"
import { dataOf, intentIdOf, outcomeOf } from "./stripe-intent.ts"
import { readWebhook, SESSION_KEY } from "./stripe-webhook.ts"

export interface StripeOptions {
  /** A secret or restricted key of Stripe's. */
  readonly apiKey: string
  /** The signing secret of the webhook endpoint; without it webhooks are refused. */
  readonly webhookSecret?: string
  /** `pp_stripe_stripe` unless said: for shops with several accounts at Stripe. */
  readonly id?: string
  /** `manual` unless said: the money is set aside, and captured later. `automatic`: it is taken at once. */
  readonly captureMethod?: "manual" | "automatic"
  /** More of a payment intent, for each session: a statement descriptor, ways to pay, `setup_future_usage`. */
  readonly intent?: (input: InitiateInput) => Partial<Stripe.PaymentIntentCreateParams>
  /** Options of Stripe's library: `timeout`, `maxNetworkRetries`, `host`, `httpAgent` … */
  readonly client?: Stripe.StripeConfig
}

/**
 * Payments by Stripe, as payment intents. The buyer confirms the intent with Stripe's own elements, by the session's
 * `data.client_secret`; to authorise is then to ask Stripe what came of it.
 */
export function stripeProvider(options: StripeOptions): PaymentProvider {
  const { apiKey, webhookSecret, id = "pp_stripe_stripe" } = options
  const stripe = new Stripe(apiKey, { timeout: 20_000, ...options.client })
  const attempt = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((error: unknown) => {
      throw explain(id, error)
    })
  const intents = new Intents(stripe, options, id)
  return {
    id,
    initiate: (input) => attempt(() => intents.initiate(input)),
    update: (input) => attempt(() => intents.update(input)),
    authorize: (input) => attempt(() => intents.authorize(input)),
    statusOf: (input) => attempt(() => intents.statusOf(input)),
    capture: (input) => attempt(() => intents.capture(input)),
    refund: (input) => attempt(() => intents.refund(input)),
    cancel: (input) => attempt(() => intents.cancel(input)),
    delete: (input) => attempt(() => intents.delete(input)),
    ...(webhookSecret === undefined ? {} : { webhook: (request) => readWebhook(request, webhookSecret) }),
    accountHolders: stripeAccounts(stripe, attempt),
  }
}

/** What the provider does, with Stripe's errors as they come. */
class Intents {
  readonly #stripe: Stripe
  readonly #options: StripeOptions
  readonly #providerId: string

  constructor(stripe: Stripe, options: StripeOptions, providerId: string) {
    this.#stripe = stripe
    this.#options = options
    this.#providerId = providerId
  }

  async initiate(input: InitiateInput) {
    const { captureMethod = "manual", intent } = this.#options
    const more = intent?.(input) ?? {}
    const made = await this.#stripe.paymentIntents.create(
      {
        capture_method: captureMethod,
        ...more,
        ...this.#amountOf(input),
        metadata: { ...more.metadata, [SESSION_KEY]: input.sessionId },
      },
      { idempotencyKey: input.idempotencyKey },
    )
    return { data: dataOf(made) }
  }

  async update(input: UpdateInput) {
    const { idempotencyKey, data } = input
    const { currency: _, ...changes } = this.#amountOf(input)
    return { data: dataOf(await this.#stripe.paymentIntents.update(intentIdOf(data), changes, { idempotencyKey })) }
  }

  /** An intent whose way to pay is known, and that nobody has confirmed, is confirmed here. */
  async authorize({ data, idempotencyKey }: AuthorizeInput) {
    const intent = await this.#stripe.paymentIntents.retrieve(intentIdOf(data))
    if (intent.status !== "requires_confirmation") return outcomeOf(intent)
    return outcomeOf(await this.#stripe.paymentIntents.confirm(intent.id, {}, { idempotencyKey }))
  }

  async statusOf({ data }: SessionInput) {
    const intent = await this.#stripe.paymentIntents.retrieve(intentIdOf(data))
    return intent.status === "requires_confirmation"
      ? { status: "none" as const, data: dataOf(intent) }
      : outcomeOf(intent)
  }

  async capture({ data, amount, currencyCode, idempotencyKey }: PaymentInput) {
    const amount_to_capture = toStripe(amount, currencyCode)
    try {
      const intent = await this.#stripe.paymentIntents.capture(
        intentIdOf(data),
        { amount_to_capture },
        { idempotencyKey },
      )
      return { data: dataOf(intent) }
    } catch (error) {
      // Stripe forgets keys after a day, and captures an intent once: it was this capture whose answer was lost.
      const intent = unexpectedStateOf(error)
      if (intent?.status === "succeeded" && intent.amount_received === amount_to_capture)
        return { data: dataOf(intent) }
      throw error
    }
  }

  async refund({ data, amount, currencyCode, idempotencyKey }: PaymentInput) {
    const params = { payment_intent: intentIdOf(data), amount: toStripe(amount, currencyCode) }
    await this.#stripe.refunds.create(params, { idempotencyKey })
    return { data }
  }

  async cancel({ data, idempotencyKey }: PaymentInput) {
    try {
      return { data: dataOf(await this.#stripe.paymentIntents.cancel(intentIdOf(data), {}, { idempotencyKey })) }
    } catch (error) {
      const intent = unexpectedStateOf(error)
      if (intent?.status === "canceled") return { data: dataOf(intent) }
      throw error
    }
  }

  /** Stripe replays refusals under a key, so the intent is looked at first. */
  async delete({ data, idempotencyKey }: SessionInput): Promise<void> {
    const intent = await this.#stripe.paymentIntents.retrieve(intentIdOf(data)).catch((error: unknown) => {
      if (isMissing(error)) return undefined
      throw error
    })
    if (intent === undefined || intent.status === "canceled") return
    if (intent.status === "processing") {
      throw new ProviderUnavailable(this.#providerId, "The payment is being processed, and cannot be canceled yet")
    }
    if (intent.status === "succeeded") {
      await this.#stripe.refunds.create({ payment_intent: intent.id }, { idempotencyKey: `${idempotencyKey}_refund` })
    } else {
      await this.#stripe.paymentIntents.cancel(intent.id, {}, { idempotencyKey: `${idempotencyKey}_cancel` })
    }
  }

  #amountOf({ amount, currencyCode, context }: InitiateInput | UpdateInput) {
    const customer = context.accountHolder?.externalId
    return {
      amount: toStripe(amount, currencyCode),
      currency: currencyCode,
      ...(customer === undefined ? {} : { customer }),
    }
  }
}
