import { ModuleError } from "@marquetry/kernel"

/** The customer logs in, and is known by the e-mail address that they have proven to be theirs by a password. */
export class EmailOfAccount extends ModuleError {
  readonly code = "customer.email_of_account"
  readonly kind = "conflict"
  override readonly details: { id: string }
  constructor(id: string) {
    super("The e-mail address of a customer with an account does not change: it is the one that they log in with")
    this.details = { id }
  }
}
