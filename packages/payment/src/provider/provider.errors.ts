import { ModuleError } from "@marquetry/kernel"

/** The configuration names no provider with that id. */
export class UnknownProvider extends ModuleError {
  readonly code = "payment.unknown_provider"
  readonly kind = "invalid"
  override readonly details: { providerId: string }
  constructor(providerId: string) {
    super(`There is no payment provider "${providerId}": add it to the providers of the payment module`)
    this.details = { providerId }
  }
}

/** The provider offers no such thing: webhooks, account holders. */
export class NotOffered extends ModuleError {
  readonly code = "payment.not_offered"
  readonly kind = "invalid"
  override readonly details: { providerId: string }
  constructor(providerId: string, what: string) {
    super(`The payment provider "${providerId}" knows no ${what}`)
    this.details = { providerId }
  }
}

/** The provider refused, and nothing was done. Thrown by providers. */
export class PaymentDeclined extends ModuleError {
  readonly code = "payment.declined"
  readonly kind = "invalid"
  override readonly details: { reason: string | null }
  /** @param reason the provider's code, such as `insufficient_funds`. */
  constructor(message: string, reason: string | null = null, options?: ErrorOptions) {
    super(message, options)
    this.details = { reason }
  }
}

/** The provider did not answer as it should: it may have done what it was asked, or not. Thrown by providers. */
export class ProviderUnavailable extends ModuleError {
  readonly code = "payment.provider_unavailable"
  readonly kind = "unavailable"
  override readonly details: { providerId: string }
  constructor(providerId: string, message: string, options?: ErrorOptions) {
    super(`The payment provider "${providerId}" cannot be reached: ${message}`, options)
    this.details = { providerId }
  }
}

/** A webhook that the provider did not sign, or that cannot be read. Thrown by providers. */
export class WebhookRejected extends ModuleError {
  readonly code = "payment.webhook_rejected"
  readonly kind = "invalid"
}

/** By their codes, so that a provider with a copy of this package of its own is understood. */
export const isDeclined = (error: unknown): error is PaymentDeclined =>
  ModuleError.is(error) && error.code === "payment.declined"
export const isUnavailable = (error: unknown): error is ProviderUnavailable =>
  ModuleError.is(error) && error.code === "payment.provider_unavailable"
