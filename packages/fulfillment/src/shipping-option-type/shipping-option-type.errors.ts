import { ModuleError } from "@marquetry/kernel"

/** A type that is to be deleted has shipping options: delete those first, or give them another one. */
export class ShippingOptionTypeInUse extends ModuleError {
  readonly code = "fulfillment.type_in_use"
  readonly kind = "invalid"
  override readonly details: { id: string }
  constructor(id: string) {
    super(`The shipping option type ${id} has shipping options and cannot be deleted`)
    this.details = { id }
  }
}
