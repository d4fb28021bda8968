import { ModuleError } from "@marquetry/kernel"

/** The import was confirmed before, or is none that waits for it. */
export class NotAwaitingConfirmation extends ModuleError {
  readonly code = "bulk.not_awaiting_confirmation"
  readonly kind = "conflict"
  override readonly details: { id: string; status: string }
  constructor(id: string, status: string) {
    super(`The operation "${id}" is ${status}, and waits for no confirmation`)
    this.details = { id, status }
  }
}

/** Prices of Shopify's format are of one currency, and neither the caller nor the store says which. */
export class ExportCurrencyMissing extends ModuleError {
  readonly code = "bulk.currency_missing"
  readonly kind = "invalid"
  constructor() {
    super("Name the currency of the file: there is no store to take it from")
  }
}

/** Each time somebody was at the operation, their process died or lost its database. Stands in the operation's `error`. */
export class GivenUp extends ModuleError {
  readonly code = "bulk.given_up"
  readonly kind = "conflict"
  override readonly details: { attempts: number }
  constructor(attempts: number) {
    super(`It was begun ${attempts} times, and never came to an end`)
    this.details = { attempts }
  }
}
