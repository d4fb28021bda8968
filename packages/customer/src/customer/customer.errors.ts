import { ModuleError } from "@marquetry/kernel"

/** There is such a customer already: with an account, or as a guest. */
export class EmailTaken extends ModuleError {
  readonly code = "customer.email_taken"
  readonly kind = "conflict"
  override readonly details: { emails: string[] }
  constructor(emails: string[]) {
    super(`Another customer has this e-mail address, or one of them: ${emails.slice(0, 10).join(", ")}`)
    this.details = { emails }
  }
}
