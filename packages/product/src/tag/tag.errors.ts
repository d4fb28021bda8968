import { ModuleError } from "@marquetry/kernel"

/** There is another tag of that value. */
export class TagTaken extends ModuleError {
  readonly code = "product.tag_taken"
  readonly kind = "conflict"
  override readonly details: { value: string }
  constructor(value: string) {
    super(`There is another product tag "${value}"`)
    this.details = { value }
  }
}
