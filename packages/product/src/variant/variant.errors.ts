import { ModuleError } from "@marquetry/kernel"

/** Another variant of the shop has the stock keeping unit. */
export class SkuTaken extends ModuleError {
  readonly code = "product.sku_taken"
  readonly kind = "conflict"
  override readonly details: { sku: string }
  constructor(sku: string) {
    super(`Another variant has the SKU "${sku}"`)
    this.details = { sku }
  }
}

/** Another variant of the shop has the EAN. */
export class EanTaken extends ModuleError {
  readonly code = "product.ean_taken"
  readonly kind = "conflict"
  override readonly details: { ean: string }
  constructor(ean: string) {
    super(`Another variant has the EAN "${ean}"`)
    this.details = { ean }
  }
}

/** Another variant of the shop has the UPC. */
export class UpcTaken extends ModuleError {
  readonly code = "product.upc_taken"
  readonly kind = "conflict"
  override readonly details: { upc: string }
  constructor(upc: string) {
    super(`Another variant has the UPC "${upc}"`)
    this.details = { upc }
  }
}

/** Another variant of the shop has the barcode. */
export class BarcodeTaken extends ModuleError {
  readonly code = "product.barcode_taken"
  readonly kind = "conflict"
  override readonly details: { barcode: string }
  constructor(barcode: string) {
    super(`Another variant has the barcode "${barcode}"`)
    this.details = { barcode }
  }
}

/** Two variants of a product are the same choice of its options; without options, there is one variant at most. */
export class ChoiceTaken extends ModuleError {
  readonly code = "product.choice_taken"
  readonly kind = "conflict"
  override readonly details: { productId: string }
  constructor(productId: string) {
    super(`The product ${productId} has another variant with the same option values`)
    this.details = { productId }
  }
}

/** An image can only show a variant of its own product. */
export class ImageOfAnotherProduct extends ModuleError {
  readonly code = "product.image_of_another_product"
  readonly kind = "invalid"
  constructor() {
    super("Each image and its variant must be there, and be of the same product")
  }
}
