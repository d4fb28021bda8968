import { ModuleError } from "@marquetry/kernel"

/** Another fulfillment set has one of the names. */
export class FulfillmentSetNameTaken extends ModuleError {
  readonly code = "fulfillment.set_name_taken"
  readonly kind = "conflict"
  override readonly details: { names: string[] }
  constructor(names: string[]) {
    super(`A fulfillment set has the name already, or one of them: ${names.slice(0, 10).join(", ")}`)
    this.details = { names }
  }
}
