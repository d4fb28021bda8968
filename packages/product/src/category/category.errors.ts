import { ModuleError } from "@marquetry/kernel"

/** A category cannot be put below itself. */
export class CategoryCycle extends ModuleError {
  readonly code = "product.category_cycle"
  readonly kind = "invalid"
  override readonly details: { id: string; parentCategoryId: string }
  constructor(id: string, parentCategoryId: string) {
    super(`The category ${id} cannot be put below ${parentCategoryId}, which is in it`)
    this.details = { id, parentCategoryId }
  }
}

/** Only a category without categories in it can be deleted. */
export class CategoryNotEmpty extends ModuleError {
  readonly code = "product.category_not_empty"
  readonly kind = "invalid"
  override readonly details: { id: string }
  constructor(id: string) {
    super(`The category ${id} has categories in it: delete or move those first`)
    this.details = { id }
  }
}
