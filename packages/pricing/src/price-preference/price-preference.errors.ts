import { ModuleError } from "@marquetry/kernel"

/** Another preference is for that currency or region already: change that one. */
export class PricePreferenceTaken extends ModuleError {
  readonly code = "pricing.preference_taken"
  readonly kind = "conflict"
  override readonly details: { attribute: string; value: string }
  constructor(attribute: string, value: string) {
    super(`Another price preference is for ${attribute} "${value}" already`)
    this.details = { attribute, value }
  }
}
