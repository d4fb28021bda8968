import { ModuleError } from "@marquetry/kernel"

/** Another shipping profile has one of the names. */
export class ShippingProfileNameTaken extends ModuleError {
  readonly code = "fulfillment.profile_name_taken"
  readonly kind = "conflict"
  override readonly details: { names: string[] }
  constructor(names: string[]) {
    super(`A shipping profile has the name already, or one of them: ${names.slice(0, 10).join(", ")}`)
    this.details = { names }
  }
}

/** A profile that is to be deleted has shipping options: delete those first, or give them another one. */
export class ShippingProfileInUse extends ModuleError {
  readonly code = "fulfillment.profile_in_use"
  readonly kind = "invalid"
  override readonly details: { id: string }
  constructor(id: string) {
    super(`The shipping profile ${id} has shipping options and cannot be deleted`)
    this.details = { id }
  }
}
