import { ModuleError } from "@marquetry/kernel"

/** A price list would end before it starts. */
export class DatesReversed extends ModuleError {
  readonly code = "pricing.dates_reversed"
  readonly kind = "invalid"
  constructor() {
    super("A price list ends at or after the moment that it starts")
  }
}
