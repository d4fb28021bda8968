import { ModuleError } from "@marquetry/kernel"

/** Orders are handed to customers who can log in; to a guest they are given by e-mail address. */
export class CustomerWithoutAccount extends ModuleError {
  readonly code = "order.customer_without_account"
  readonly kind = "invalid"
  override readonly details: { customerId: string }
  constructor(customerId: string) {
    super(`Customer ${customerId} has no account: an order cannot be transferred to a guest like this`)
    this.details = { customerId }
  }
}
