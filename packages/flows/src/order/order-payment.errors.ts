import { ModuleError } from "@marquetry/kernel"
import { Amount } from "@marquetry/money"

/** More should be collected for an order than is outstanding: paid, authorised and asked for already is what it has cost. */
export class AmountNotOutstanding extends ModuleError {
  readonly code = "order.amount_not_outstanding"
  readonly kind = "invalid"
  override readonly details: { orderId: string; amount: string; outstanding: string }
  /** @param outstanding below zero: so much more is paid and asked for than the order costs. */
  constructor(orderId: string, amount: string, outstanding: string) {
    super(said(amount, Amount.of(outstanding)))
    this.details = { orderId, amount, outstanding }
  }
}

function said(amount: string, outstanding: Amount): string {
  if (outstanding.isPositive()) return `Only ${outstanding.toString()} of the order is outstanding, not ${amount}`
  if (outstanding.isZero()) return "Nothing of the order is outstanding: it is paid, or asked for already"
  const over = outstanding.negated().toString()
  return `Nothing of the order is outstanding: what is paid and asked for is ${over} more than it costs`
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
