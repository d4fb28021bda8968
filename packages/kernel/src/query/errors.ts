import { ModuleError } from "../errors.ts"

/** A read names something that there is not, or in a way that does not fit it. Nothing was read. */
export class QueryInvalid extends ModuleError {
  readonly code = "query.invalid"
  readonly kind = "invalid"
  override readonly details: { path: string }
  constructor(message: string, path: string) {
    super(message)
    this.details = { path }
  }
}
