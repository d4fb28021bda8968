import { ModuleError } from "@marquetry/kernel"

/** Another promotion has one of the codes. */
export class PromotionCodeTaken extends ModuleError {
  readonly code = "promotion.code_taken"
  readonly kind = "conflict"
  override readonly details: { codes: string[] }
  constructor(codes: string[]) {
    super(`Another promotion has the code, or one of them: ${codes.slice(0, 10).join(", ")}`)
    this.details = { codes }
  }
}

/** Codes that no promotion has, or only one that is a draft or inactive. */
export class UnknownPromotionCode extends ModuleError {
  readonly code = "promotion.unknown_code"
  readonly kind = "invalid"
  override readonly details: { codes: string[] }
  constructor(codes: readonly string[]) {
    super(`There is no promotion with the code ${codes.slice(0, 10).join(", ")}`)
    this.details = { codes: [...codes] }
  }
}

/** A limit would be lower than what is used already. */
export class LimitBelowUsed extends ModuleError {
  readonly code = "promotion.limit_below_used"
  readonly kind = "invalid"
  constructor() {
    super("A limit cannot be lower than what is used already; make the promotion inactive to stop it")
  }
}
