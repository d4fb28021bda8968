import { ModuleError } from "@marquetry/kernel"

/** More should be collected for an order than is outstanding: paid, authorised and asked for already is what it has cost. */
export class AmountNotOutstanding extends ModuleError {
  readonly code = "order.amount_not_outstanding"
  readonly kind = "invalid"
  override readonly details: { orderId: string; amount: string; outstanding: string }
  constructor(orderId: string, amount: string, outstanding: string) {
    super(`Only ${outstanding} of the order is outstanding, not ${amount}`)
    this.details = { orderId, amount, outstanding }
  }
}

/** The provider takes money itself: nobody can say by hand that it has. */
export class NotPaidByHand extends ModuleError {
  readonly code = "order.not_paid_by_hand"
  readonly kind = "invalid"
  override readonly details: { providerId: string }
  constructor(providerId: string) {
    super(`Payment provider ${providerId} takes money itself: choose one for payment by hand`)
    this.details = { providerId }
  }
}
