import { ModuleError } from "@marquetry/kernel"

/** The identity was deleted, or its credentials changed since: log in again. */
export class ClaimsOutdated extends ModuleError {
  readonly code = "auth.claims_outdated"
  readonly kind = "forbidden"
  constructor() {
    super("The credentials have changed since: log in again")
  }
}
