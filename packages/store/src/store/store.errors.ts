import { ModuleError } from "@marquetry/kernel"

/** There is no store: none was made, or all were deleted. */
export class StoreMissing extends ModuleError {
  readonly code = "store.missing"
  readonly kind = "not_found"
  constructor() {
    super("There is no store yet: make one with ensure()")
  }
}
