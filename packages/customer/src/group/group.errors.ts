import { ModuleError } from "@marquetry/kernel"

/** Another group has one of the names. */
export class GroupNameTaken extends ModuleError {
  readonly code = "customer.group_name_taken"
  readonly kind = "conflict"
  override readonly details: { names: string[] }
  constructor(names: string[]) {
    super(`Another customer group has this name, or one of them: ${names.slice(0, 10).join(", ")}`)
    this.details = { names }
  }
}
