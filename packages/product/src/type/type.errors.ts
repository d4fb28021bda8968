import { ModuleError } from "@marquetry/kernel"

/** There is another type of that value. */
export class TypeTaken extends ModuleError {
  readonly code = "product.type_taken"
  readonly kind = "conflict"
  override readonly details: { value: string }
  constructor(value: string) {
    super(`There is another product type "${value}"`)
    this.details = { value }
  }
}
