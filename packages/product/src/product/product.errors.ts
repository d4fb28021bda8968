import { ModuleError } from "@marquetry/kernel"

/** Another product, category or collection has the handle. */
export class HandleTaken extends ModuleError {
  readonly code = "product.handle_taken"
  readonly kind = "conflict"
  override readonly details: { handle: string }
  constructor(handle: string) {
    super(`The handle "${handle}" is taken already`)
    this.details = { handle }
  }
}

/** Something is named that there is not, or not any more. */
export class ReferenceUnknown extends ModuleError {
  readonly code = "product.reference_unknown"
  readonly kind = "invalid"
  override readonly details: { resource: string; ids: string[] }
  constructor(resource: string, ids: string[]) {
    super(`There is no ${resource.replaceAll("_", " ")} with the id: ${ids.join(", ")}`)
    this.details = { resource, ids }
  }
}
