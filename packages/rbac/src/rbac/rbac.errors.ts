import { ModuleError } from "@marquetry/kernel"

/** Another rbac has one of the handles. */
export class HandleTaken extends ModuleError {
  readonly code = "rbac.handle_taken"
  readonly kind = "conflict"
  override readonly details: { handles: string[] }
  constructor(handles: string[]) {
    super(`Another rbac has the handle already, or one of them: ${handles.slice(0, 10).join(", ")}`)
    this.details = { handles }
  }
}
