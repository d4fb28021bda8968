import { PromotionRuleOptions, type RuleAttributeOption } from "@marquetry/flows"
import type { RequestInfo } from "@marquetry/http"
import { PromotionService, type PromotionRuleView, type PromotionView, type RuleRole } from "@marquetry/promotion"

const roles: Readonly<Record<string, RuleRole>> = {
  rules: "rules",
  "target-rules": "targetRules",
  "buy-rules": "buyRules",
}

/** A rule as a form shows it; a field of the promotion that forms show as one has no id. */
export interface LabelledRule {
  readonly id?: string
  readonly description?: string | null
  readonly attribute: string
  readonly attributeLabel: string
  readonly operator: string
  readonly operatorLabel: string
  readonly operators: RuleAttributeOption["operators"]
  readonly fieldType: string
  readonly required: boolean
  readonly disguised?: true
  readonly values: number | null | readonly { readonly value: string; readonly label: string }[]
}

/**
 * The rules of a promotion, with words for what they are about. One statement for the promotion, one for its rules, and one
 * for each thing that they are about. What a currency is said of is the promotion itself, and not listed as a rule.
 *
 * @throws {RuleAttributeUnknown} when there is no such type of rules. {@link NotFound}
 */
export async function labelledRules(
  { resolve }: Pick<RequestInfo, "resolve">,
  id: string,
  ruleType: string,
): Promise<LabelledRule[]> {
  const promotions = resolve<PromotionService>(PromotionService)
  const promotion = await promotions.get(id)
  const { type, applicationMethod } = promotion
  const attributes = resolve<PromotionRuleOptions>(PromotionRuleOptions).attributes(ruleType, {
    promotionType: type,
    applicationMethodType: applicationMethod?.type,
    applicationMethodTargetType: applicationMethod?.targetType,
  })
  const rules = await promotions.listRules(id, roles[ruleType] as RuleRole)
  const listed = rules.filter(({ attribute }) => !attributes.some((one) => one.disguised && one.value === attribute))
  const labels = await labelsOf({ resolve }, ruleType, promotion, attributes, listed)
  return [...listed.map((rule) => labelled(rule, attributes, labels)), ...disguised(attributes, promotion)]
}

type Labels = ReadonlyMap<string, ReadonlyMap<string, string>>

/** What the values of rules are called, by attribute and value. */
async function labelsOf(
  { resolve }: Pick<RequestInfo, "resolve">,
  ruleType: string,
  { applicationMethod }: PromotionView,
  attributes: readonly RuleAttributeOption[],
  rules: readonly PromotionRuleView[],
): Promise<Labels> {
  const options = resolve<PromotionRuleOptions>(PromotionRuleOptions)
  const labels = new Map<string, ReadonlyMap<string, string>>()
  for (const { id, value: attribute } of attributes) {
    const values = rules.filter((rule) => rule.attribute === attribute).flatMap((rule) => rule.values)
    if (values.length === 0) continue
    const { rows } = await options.values(ruleType, id, {
      value: [...new Set(values.map(({ value }) => value))],
      applicationMethodTargetType: applicationMethod?.targetType,
      limit: values.length,
    })
    labels.set(attribute, new Map(rows.map(({ value, label }) => [value, label])))
  }
  return labels
}

function labelled(
  { id, description, attribute, operator, values }: PromotionRuleView,
  attributes: readonly RuleAttributeOption[],
  labels: Labels,
): LabelledRule {
  const known = attributes.find(({ value }) => value === attribute)
  const operators = known?.operators ?? []
  return {
    id,
    description,
    attribute,
    attributeLabel: known?.label ?? attribute,
    operator,
    operatorLabel: operators.find((one) => one.value === operator)?.label ?? operator,
    operators,
    fieldType: known?.fieldType ?? "text",
    required: known?.required ?? false,
    values: values.map(({ value }) => ({ value, label: labels.get(attribute)?.get(value) ?? value })),
  }
}

/** Fields of the promotion that forms show among its rules. */
function disguised(attributes: readonly RuleAttributeOption[], { applicationMethod }: PromotionView): LabelledRule[] {
  const fields: Readonly<Record<string, string | number | null | undefined>> = {
    currency_code: applicationMethod?.currencyCode,
    buy_rules_min_quantity: applicationMethod?.buyRulesMinQuantity,
    apply_to_quantity: applicationMethod?.applyToQuantity,
  }
  return attributes
    .filter(({ id, disguised, required }) => disguised && (required || fields[id] != null))
    .map(({ id, label, operators, fieldType, required }) => {
      const value = fields[id] ?? null
      return {
        attribute: id,
        attributeLabel: label,
        operator: "eq",
        operatorLabel: "Equals",
        operators,
        fieldType,
        required,
        disguised: true,
        values: typeof value === "string" ? [{ value, label: value }] : value,
      }
    })
}
