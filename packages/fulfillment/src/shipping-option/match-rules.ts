import { Amount, isAmount } from "@marquetry/money"

export const ruleOperators = ["in", "eq", "ne", "gt", "gte", "lt", "lte", "nin"] as const
export type RuleOperator = (typeof ruleOperators)[number]

/** A condition on the situation in which a shipping option would be used. */
export interface ShippingRule {
  /** `item_total`, `is_return`, `customer.id`: a name in the context, or a path into it. */
  readonly attribute: string
  readonly operator: RuleOperator
  /** A list for `in` and `nin`. */
  readonly value: string | readonly string[]
}

/** What is known of the situation. Texts, numbers, booleans, amounts, and lists of them. */
export type RuleContext = Readonly<Record<string, unknown>>

/** Whether all rules are met; where there are none, they are. */
export const areRulesMet = (rules: readonly ShippingRule[], context: RuleContext): boolean =>
  rules.every((rule) => isRuleMet(rule, context))

/**
 * Whether a rule is met. Values are compared as texts, so that `true` is "true", and decimals as numbers: 100.0 is "100".
 * Of an attribute with several values one has to do, and none may be named by `ne` and `nin`. An attribute that the
 * context does not state meets no rule, not even `ne`: nobody knows that it differs.
 */
export function isRuleMet({ attribute, operator, value }: ShippingRule, context: RuleContext): boolean {
  const stated = valuesOf(attribute, context)
  if (stated === undefined) return false
  const named = typeof value === "string" ? [value] : value
  switch (operator) {
    case "eq":
    case "in":
      return stated.some((actual) => named.some((expected) => isSame(actual, expected)))
    case "ne":
    case "nin":
      return !stated.some((actual) => named.some((expected) => isSame(actual, expected)))
    default:
      return stated.some((actual) => named.some((bound) => compares(operator, actual, bound)))
  }
}

function valuesOf(attribute: string, context: RuleContext): string[] | undefined {
  const value = Object.hasOwn(context, attribute) ? context[attribute] : reach(attribute.split("."), context)
  const texts = (Array.isArray(value) ? (value as unknown[]) : [value]).map(textOf)
  return texts.every((text) => text !== undefined) ? texts : undefined
}

/** Follows a path; a list on the way answers the values of all its elements. */
function reach([step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value
  if (Array.isArray(value)) return value.flatMap((element) => reach([step, ...rest], element))
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined
  return reach(rest, (value as Record<string, unknown>)[step])
}

function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return value
    case "number":
    case "bigint":
    case "boolean":
      return String(value)
    default:
      return isAmount(value) ? value.toString() : undefined
  }
}

const decimal = /^-?(?:0|[1-9]\d{0,17})(?:\.\d{1,20})?$/

/** Whether a text is a decimal as amounts are written: "0123" and "1e3" are not. */
export const isDecimal = (text: string): boolean => decimal.test(text)

const isSame = (a: string, b: string): boolean => a === b || (isDecimal(a) && isDecimal(b) && Amount.of(a).equals(b))

function compares(operator: "gt" | "gte" | "lt" | "lte", actual: string, bound: string): boolean {
  if (!isDecimal(actual) || !isDecimal(bound)) return false
  const order = Amount.of(actual).compare(bound)
  switch (operator) {
    case "gt":
      return order > 0
    case "gte":
      return order >= 0
    case "lt":
      return order < 0
    case "lte":
      return order <= 0
  }
}
