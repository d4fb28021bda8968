import { ModuleError } from "@marquetry/kernel"

/** Another return reason has one of the values. */
export class ReturnReasonTaken extends ModuleError {
  readonly code = "order.return_reason_taken"
  readonly kind = "conflict"
  override readonly details: { values: string[] }
  constructor(values: string[]) {
    super(`Another return reason has the value already, or one of them: ${values.slice(0, 10).join(", ")}`)
    this.details = { values }
  }
}
