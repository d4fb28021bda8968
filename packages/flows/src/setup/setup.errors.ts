import { ModuleError } from "@marquetry/kernel"

/** Rows of other modules that are named, and that are not there, or not any more; or providers that are not in use. */
export class SetupReferenceUnknown extends ModuleError {
  readonly code = "setup.reference_unknown"
  readonly kind = "invalid"
  override readonly details: { resource: string; ids: readonly string[] }
  constructor(resource: string, ids: readonly string[]) {
    super(`There is no ${resource.replaceAll("_", " ")} with the id: ${ids.join(", ")}`)
    this.details = { resource, ids }
  }
}
