import { ModuleError } from "@marquetry/kernel"

interface Room {
  readonly paymentId: string
  /** What could be asked for now, in major units. */
  readonly available: string
  /** Reserved for what the provider has not answered yet: it may become available again. */
  readonly pending: string
}

const rest = ({ available, pending }: Room) =>
  Number(pending) > 0 ? `${available} is left, and ${pending} is under way` : `${available} is left`

/** More would be captured than was authorised, or nothing is left to capture. */
export class CaptureTooHigh extends ModuleError {
  readonly code = "payment.capture_exceeds_authorized"
  readonly kind = "invalid"
  override readonly details: { paymentId: string; available: string; pending: string }
  constructor(room: Room) {
    super(`Payment ${room.paymentId} cannot be captured beyond what was authorized: ${rest(room)}`)
    this.details = { ...room }
  }
}

/** More would be refunded than was captured, or nothing is left to refund. */
export class RefundTooHigh extends ModuleError {
  readonly code = "payment.refund_exceeds_captured"
  readonly kind = "invalid"
  override readonly details: { paymentId: string; available: string; pending: string }
  constructor(room: Room) {
    super(`Payment ${room.paymentId} cannot be refunded beyond what was captured: ${rest(room)}`)
    this.details = { ...room }
  }
}

/** The payment was canceled, or is about to be. */
export class PaymentIsCanceled extends ModuleError {
  readonly code = "payment.canceled"
  readonly kind = "invalid"
  override readonly details: { paymentId: string }
  constructor(paymentId: string) {
    super(`Payment ${paymentId} was canceled`)
    this.details = { paymentId }
  }
}

/** Some of the payment was captured, or is about to be: refund it instead. */
export class NotCancelable extends ModuleError {
  readonly code = "payment.not_cancelable"
  readonly kind = "invalid"
  override readonly details: { paymentId: string }
  constructor(paymentId: string) {
    super(`Payment ${paymentId} was captured, at least in part: refund it instead of canceling it`)
    this.details = { paymentId }
  }
}

/** The provider has not answered a capture yet: it is not known what there is to give back. Try again once it has. */
export class CaptureUnderWay extends ModuleError {
  readonly code = "payment.capture_under_way"
  readonly kind = "conflict"
  override readonly details: { paymentId: string }
  constructor(paymentId: string) {
    super(`Payment ${paymentId} is being captured: try again in a moment`)
    this.details = { paymentId }
  }
}

/** All of the collection is paid for already. */
export class AlreadyAuthorized extends ModuleError {
  readonly code = "payment.already_authorized"
  readonly kind = "invalid"
  override readonly details: { paymentCollectionId: string }
  constructor(paymentCollectionId: string) {
    super(`Payment collection ${paymentCollectionId} is authorized already`)
    this.details = { paymentCollectionId }
  }
}

/** A session would be for more than is left to pay. */
export class AmountTooHigh extends ModuleError {
  readonly code = "payment.amount_exceeds_collection"
  readonly kind = "invalid"
  override readonly details: { paymentCollectionId: string; available: string }
  constructor(paymentCollectionId: string, available: string) {
    super(`Only ${available} is left to pay of payment collection ${paymentCollectionId}`)
    this.details = { paymentCollectionId, available }
  }
}

/** The provider is being asked to authorise the session; once it has answered, things can change again. */
export class AuthorizationUnderWay extends ModuleError {
  readonly code = "payment.authorization_under_way"
  readonly kind = "conflict"
  override readonly details: { sessionId: string }
  constructor(sessionId: string) {
    super(`Payment session ${sessionId} is being authorized: try again in a moment`)
    this.details = { sessionId }
  }
}

/** The amount changed while the provider was asked for a session, or it was paid while it was given up: ask again. */
export class CollectionChanged extends ModuleError {
  readonly code = "payment.collection_changed"
  readonly kind = "conflict"
  override readonly details: { paymentCollectionId: string }
  constructor(paymentCollectionId: string) {
    super(`Payment collection ${paymentCollectionId} was changed meanwhile: try again`)
    this.details = { paymentCollectionId }
  }
}

/** The session is not open (any more): it was authorised, canceled or replaced. */
export class SessionClosed extends ModuleError {
  readonly code = "payment.session_closed"
  readonly kind = "conflict"
  override readonly details: { sessionId: string; status: string }
  constructor(sessionId: string, status: string) {
    super(`Payment session ${sessionId} is ${status}, and cannot be changed`)
    this.details = { sessionId, status }
  }
}

/** Payments were made for the collection: it cannot be deleted. */
export class CollectionInUse extends ModuleError {
  readonly code = "payment.collection_in_use"
  readonly kind = "conflict"
  override readonly details: { paymentCollectionId: string }
  constructor(paymentCollectionId: string) {
    super(`Payment collection ${paymentCollectionId} has payments, and cannot be deleted`)
    this.details = { paymentCollectionId }
  }
}
