import { ModuleError } from "@marquetry/kernel"

/** Another refund reason has one of the codes. */
export class RefundReasonCodeTaken extends ModuleError {
  readonly code = "payment.refund_reason_code_taken"
  readonly kind = "conflict"
  override readonly details: { codes: string[] }
  constructor(codes: string[]) {
    super(`Another refund reason has the code already, or one of them: ${codes.slice(0, 10).join(", ")}`)
    this.details = { codes }
  }
}
