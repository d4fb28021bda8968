import { ModuleError } from "@marquetry/kernel"

/** The set has a price of the same currency, list, quantities and rules already: change that one. */
export class PriceTaken extends ModuleError {
  readonly code = "pricing.price_taken"
  readonly kind = "conflict"
  constructor() {
    super("A price set has at most one price for the same currency, price list, quantities and rules")
  }
}
