import { PaymentDeclined, ProviderUnavailable } from "@marquetry/payment"
import Stripe from "stripe"

const { StripeError, StripeCardError, StripeInvalidRequestError } = Stripe.errors

/** The error of a payment intent that is in another state than the call asks for, with that intent. */
export function unexpectedStateOf(error: unknown): Stripe.PaymentIntent | undefined {
  const isUnexpected = error instanceof StripeError && error.code === "payment_intent_unexpected_state"
  return isUnexpected ? error.payment_intent : undefined
}

export const isMissing = (error: unknown): boolean => error instanceof StripeError && error.code === "resource_missing"

/**
 * Stripe's errors in the words of the payment module: refused for good, or unknown and to be asked again under the same key.
 * A wrong API key is of the second kind: what was asked for is done once the key is right.
 */
export function explain(providerId: string, error: unknown): unknown {
  if (!(error instanceof StripeError)) return error
  // Another request under the same key is being worked on.
  if (error.statusCode === 409) return new ProviderUnavailable(providerId, error.message, { cause: error })
  if (error instanceof StripeCardError || error instanceof StripeInvalidRequestError) {
    return new PaymentDeclined(error.message, error.decline_code ?? error.code ?? null, { cause: error })
  }
  if (error instanceof Stripe.errors.StripeIdempotencyError) return error
  return new ProviderUnavailable(providerId, error.message, { cause: error })
}
