import { ModuleError } from "@marquetry/kernel"

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
