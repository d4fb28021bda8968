import { ModuleError } from "@marquetry/kernel"

/** Another user has one of the handles. */
export class HandleTaken extends ModuleError {
  readonly code = "user.handle_taken"
  readonly kind = "conflict"
  override readonly details: { handles: string[] }
  constructor(handles: string[]) {
    super(`Another user has the handle already, or one of them: ${handles.slice(0, 10).join(", ")}`)
    this.details = { handles }
  }
}
