import type { AuthorizationStatus, AttemptOutcome, PaymentData } from "@marquetry/payment"
import type Stripe from "stripe"

/** What is kept with a session or payment, and shown to the buyer. */
export const dataOf = ({ id, client_secret, status }: Stripe.PaymentIntent): PaymentData => ({
  id,
  client_secret,
  status,
})

/** @throws {TypeError} when the data are not those of a payment intent. */
export function intentIdOf(data: PaymentData): string {
  const { id } = data
  if (typeof id !== "string") throw new TypeError("The payment's data name no payment intent")
  return id
}

const statuses: Readonly<Record<string, AuthorizationStatus>> = {
  requires_payment_method: "requires_more",
  requires_confirmation: "requires_more",
  requires_action: "requires_more",
  processing: "pending",
  requires_capture: "authorized",
  succeeded: "captured",
  canceled: "error",
}

/** What has become of an intent; one whose last attempt was refused waits for another way to pay. */
export function outcomeOf(intent: Stripe.PaymentIntent): AttemptOutcome & { status: AuthorizationStatus } {
  const data = dataOf(intent)
  const { status, last_payment_error } = intent
  if (status === "requires_payment_method" && last_payment_error !== null) {
    return { status: "error", data, message: last_payment_error.message }
  }
  return {
    status: statuses[status] ?? "pending",
    data,
    ...(status === "canceled" ? { message: "It was canceled" } : {}),
  }
}
