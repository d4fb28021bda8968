import { ModuleError } from "@marquetry/kernel"

/** Another item has one of the SKUs. */
export class ItemSkuTaken extends ModuleError {
  readonly code = "inventory.sku_taken"
  readonly kind = "conflict"
  override readonly details: { skus: string[] }
  constructor(skus: string[]) {
    super(`Another inventory item has the SKU already, or one of them: ${skus.slice(0, 10).join(", ")}`)
    this.details = { skus }
  }
}

/** An item is promised to somebody, or part of a variant that has other items too and would be sold without it. */
export class ItemInUse extends ModuleError {
  readonly code = "inventory.item_in_use"
  // The wire's contract answers 400.
  readonly kind = "invalid"
  override readonly details: { reserved: string[]; variants: string[] }

  /**
   * @param reserved ids of items with reservations.
   * @param variants ids of variants that are made of one of the items and others.
   */
  constructor(reserved: string[], variants: string[]) {
    const reasons = [
      ...(reserved.length > 0 ? [`units of ${reserved.slice(0, 10).join(", ")} are reserved`] : []),
      ...(variants.length > 0 ? [`they are parts of the variants ${variants.slice(0, 10).join(", ")}`] : []),
    ]
    super(`The inventory items cannot be deleted: ${reasons.join("; ")}`)
    this.details = { reserved, variants }
  }
}
