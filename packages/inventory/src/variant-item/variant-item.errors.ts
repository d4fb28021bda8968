import { ModuleError } from "@marquetry/kernel"

/** One of the variants is made of one of the items already: it is not new. */
export class VariantItemTaken extends ModuleError {
  readonly code = "inventory.variant_item_taken"
  readonly kind = "conflict"
  override readonly details: { variantIds: string[] }

  /** @param variantIds those that were said to be new; at least one of them is not. */
  constructor(variantIds: string[]) {
    super(`One of these variants is not new, say anew what it is made of: ${variantIds.slice(0, 10).join(", ")}`)
    this.details = { variantIds }
  }
}
