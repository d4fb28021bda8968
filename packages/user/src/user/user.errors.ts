import { ModuleError } from "@marquetry/kernel"

/** There is such a user already. */
export class EmailTaken extends ModuleError {
  readonly code = "user.email_taken"
  readonly kind = "conflict"
  override readonly details: { emails: string[] }
  constructor(emails: string[]) {
    super(`Another user has this e-mail address, or one of them: ${emails.slice(0, 10).join(", ")}`)
    this.details = { emails }
  }
}
