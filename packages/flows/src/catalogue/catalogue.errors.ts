import { ModuleError } from "@marquetry/kernel"

/** Rows of other modules that are named, and that are not there, or not any more. */
export class CatalogueReferenceUnknown extends ModuleError {
  readonly code = "catalogue.reference_unknown"
  readonly kind = "invalid"
  override readonly details: { resource: string; ids: readonly string[] }
  constructor(resource: string, ids: readonly string[]) {
    super(`There is no ${resource.replaceAll("_", " ")} with the id: ${ids.join(", ")}`)
    this.details = { resource, ids }
  }
}

/** There is no rule of that type, or none about that. */
export class RuleAttributeUnknown extends ModuleError {
  readonly code = "promotion.rule_attribute_unknown"
  readonly kind = "invalid"
  override readonly details: { ruleType: string; attributeId: string | null }
  constructor(ruleType: string, attributeId: string | null = null) {
    super(attributeId === null ? `Invalid rule type: ${ruleType}` : `Invalid rule attribute: ${attributeId}`)
    this.details = { ruleType, attributeId }
  }
}
