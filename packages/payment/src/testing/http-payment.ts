import { timingSafeEqual } from "node:crypto"
import { Amount } from "@marquetry/money"
import { PaymentDeclined, ProviderUnavailable, WebhookRejected } from "../provider/provider.errors.ts"
import type {
  Authorization,
  AttemptOutcome,
  PaymentData,
  PaymentProvider,
  WebhookAction,
  WebhookRequest,
} from "../provider/payment-provider.ts"
import { sign, type FakeWebhook } from "./fake-payment-server.ts"
import type { FakeRequest } from "./fake-payments.ts"

interface Input {
  readonly idempotencyKey: string
  readonly signal: AbortSignal
  readonly sessionId?: string
  readonly data?: PaymentData
  readonly amount?: Amount
  readonly currencyCode?: string
}

/** A provider that uses a fake payment server, from any process. `pp_fake_http` unless named. */
export function httpPayment({ url, id = "pp_fake_http" }: { url: string; id?: string }): PaymentProvider {
  const ask = async <T>(method: FakeRequest["method"], input: Input): Promise<T> => {
    const { idempotencyKey, signal, amount, currencyCode = "", sessionId = String(input.data?.["reference"]) } = input
    const body = JSON.stringify({ method, sessionId, idempotencyKey, amount: String(amount ?? 0), currencyCode })
    // No connection is kept: one that the server cut would fail the next request.
    const request = { method: "POST", body, signal, headers: { connection: "close" } }
    const response = await fetch(url, request).catch((error: unknown) => {
      throw new ProviderUnavailable(id, (error as Error).message, { cause: error })
    })
    const answer = (await response.json()) as { message?: string }
    if (response.status === 402) throw new PaymentDeclined(answer.message ?? "Declined")
    return answer as T
  }
  return {
    id,
    initiate: (input) => ask("initiate", input),
    update: (input) => ask("update", input),
    authorize: (input) => ask<Authorization>("authorize", input),
    statusOf: (input) => ask<AttemptOutcome>("statusOf", input),
    capture: (input) => ask("capture", input),
    refund: (input) => ask("refund", input),
    cancel: (input) => ask("cancel", input),
    delete: (input) => ask<void>("delete", input),
    webhook,
  }
}

function webhook({ rawBody, headers }: WebhookRequest): WebhookAction {
  const body = rawBody.toString()
  const [given, expected] = [Buffer.from(String(headers["fake-signature"])), Buffer.from(sign(body))]
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new WebhookRejected("The signature is wrong")
  }
  const event = JSON.parse(body) as FakeWebhook
  return { ...event, amount: Amount.of(event.amount) }
}
