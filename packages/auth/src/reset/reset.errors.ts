import { ModuleError } from "@marquetry/kernel"

/** The token was used, has expired, or never was; or the password was reset by another one. */
export class ResetTokenInvalid extends ModuleError {
  readonly code = "auth.reset_token_invalid"
  readonly kind = "forbidden"
  constructor() {
    super("The token for resetting the password is not valid, or not any more")
  }
}
