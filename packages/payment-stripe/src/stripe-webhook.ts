import { WebhookRejected, type WebhookAction, type WebhookRequest } from "@marquetry/payment"
import Stripe from "stripe"
import { fromStripe } from "./stripe-amount.ts"
import { dataOf } from "./stripe-intent.ts"

/** Our sessions are named in the metadata of intents. */
export const SESSION_KEY = "session_id"

/** Checks Stripe's signature, and says in our words what happened. @throws {WebhookRejected} */
export function readWebhook({ rawBody, headers }: WebhookRequest, secret: string): WebhookAction {
  const event = verified(rawBody, headers["stripe-signature"], secret)
  switch (event.type) {
    case "payment_intent.amount_capturable_updated":
      return action("authorized", event.id, event.data.object, event.data.object.amount_capturable)
    case "payment_intent.succeeded":
      return action("captured", event.id, event.data.object, event.data.object.amount_received)
    case "payment_intent.payment_failed":
    case "payment_intent.canceled":
      return action("failed", event.id, event.data.object, event.data.object.amount)
    default:
      return { type: "not_supported" }
  }
}

function verified(
  body: string | Buffer,
  signature: string | readonly string[] | undefined,
  secret: string,
): Stripe.Event {
  try {
    return Stripe.webhooks.constructEvent(body, String(signature), secret)
  } catch (error) {
    throw new WebhookRejected(`The webhook is not Stripe's: ${(error as Error).message}`, { cause: error })
  }
}

/** Intents that were not made for a session of ours are none of our business. */
function action(
  type: "authorized" | "captured" | "failed",
  eventId: string,
  intent: Stripe.PaymentIntent,
  units: number,
): WebhookAction {
  const sessionId = intent.metadata[SESSION_KEY]
  if (sessionId === undefined) return { type: "not_supported" }
  return { type, eventId, sessionId, amount: fromStripe(units, intent.currency), data: dataOf(intent) }
}
