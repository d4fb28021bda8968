import { ModuleError } from "@marquetry/kernel"

abstract class CheckoutRefusal extends ModuleError {
  readonly kind = "invalid"
}

/** A cart without lines is no order. */
export class CartEmpty extends CheckoutRefusal {
  readonly code = "checkout.cart_empty"
  constructor() {
    super("The cart is empty: add something to it")
  }
}

/** Nobody is known who could be told of the order. */
export class EmailMissing extends CheckoutRefusal {
  readonly code = "checkout.email_missing"
  constructor() {
    super("The cart has no e-mail address: set it first")
  }
}

/** It is not known where the goods go. */
export class AddressMissing extends CheckoutRefusal {
  readonly code = "checkout.shipping_address_missing"
  constructor() {
    super("The cart has no shipping address: set it first")
  }
}

/** Lines that are sent have no shipping method of their profile. */
export class ShippingMissing extends CheckoutRefusal {
  readonly code = "checkout.shipping_method_missing"
  override readonly details: { shippingProfileIds: readonly string[] }
  constructor(shippingProfileIds: readonly string[]) {
    super("The cart items require shipping profiles that are not satisfied by the current shipping methods")
    this.details = { shippingProfileIds }
  }
}

/** It is not known how the cart is paid for. */
export class PaymentMissing extends CheckoutRefusal {
  readonly code = "checkout.payment_session_missing"
  constructor() {
    super("Payment sessions are required to complete the cart: choose how to pay")
  }
}

/** The provider does not take payments in the cart's region. */
export class ProviderNotOffered extends CheckoutRefusal {
  readonly code = "checkout.payment_provider_not_offered"
  override readonly details: { providerId: string }
  constructor(providerId: string) {
    super(`Payment provider ${providerId} is not enabled in the region of the cart`)
    this.details = { providerId }
  }
}

/** A promotion that the cart has a discount of was deleted. Any change of the cart, or pricing it anew, drops it. */
export class PromotionGone extends CheckoutRefusal {
  readonly code = "checkout.promotion_gone"
  override readonly details: { promotionId: string }
  constructor(promotionId: string) {
    super("A promotion of the cart is not there any more: look at its total again")
    this.details = { promotionId }
  }
}

/** Somebody else completes the cart just now; until that is decided it cannot be changed. */
export class CheckoutUnderWay extends ModuleError {
  readonly code = "checkout.under_way"
  readonly kind = "conflict"
  override readonly details: { cartId: string }
  constructor(cartId: string) {
    super(`Cart ${cartId} is being completed: wait for the answer, or ask again`)
    this.details = { cartId }
  }
}
