import { ModuleError } from "@marquetry/kernel"

/** Another audit has one of the handles. */
export class HandleTaken extends ModuleError {
  readonly code = "audit.handle_taken"
  readonly kind = "conflict"
  override readonly details: { handles: string[] }
  constructor(handles: string[]) {
    super(`Another audit has the handle already, or one of them: ${handles.slice(0, 10).join(", ")}`)
    this.details = { handles }
  }
}
