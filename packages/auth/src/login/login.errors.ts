import { ModuleError } from "@marquetry/kernel"

/** Wrong password or nobody known: which of them is not said. */
export class CredentialsInvalid extends ModuleError {
  readonly code = "auth.credentials_invalid"
  readonly kind = "forbidden"
  constructor() {
    super("Invalid email or password")
  }
}

/** Too many logins failed for this e-mail address, be it known or not. Also the right password is refused meanwhile. */
export class TooManyAttempts extends ModuleError {
  readonly code = "auth.too_many_attempts"
  readonly kind = "forbidden"
  /** Seconds until the next attempt is admitted. */
  override readonly details: { retryAfter: number }
  constructor(retryAfter: number) {
    super(`Too many attempts: try again in ${retryAfter} seconds`)
    this.details = { retryAfter }
  }
}
