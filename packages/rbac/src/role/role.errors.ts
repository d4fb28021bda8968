import { ModuleError } from "@marquetry/kernel"

/** Another role has one of the names. */
export class RoleNameTaken extends ModuleError {
  readonly code = "rbac.role_name_taken"
  readonly kind = "conflict"
  override readonly details: { names: string[] }
  constructor(names: string[]) {
    super(`Another role has this name, or one of them: ${names.slice(0, 10).join(", ")}`)
    this.details = { names }
  }
}

/** Somebody has the role. Without it they might have none, and be allowed everything. */
export class RoleInUse extends ModuleError {
  readonly code = "rbac.role_in_use"
  readonly kind = "conflict"
  override readonly details: { id: string }
  constructor(id: string) {
    super("The role is assigned: give those who have it another one, and take it from them")
    this.details = { id }
  }
}
