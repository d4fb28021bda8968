import { compareDecimals, isDecimal } from "../price/compare-decimals.ts"
import type { ListRule, PriceRule } from "../price/price.types.ts"

/** What is known of the buyer's situation: the values of each attribute. */
export type Attributes = ReadonlyMap<string, readonly string[]>

/**
 * Whether a rule is met. `eq`, `in` and the four that compare want one value of the attribute to do, `ne` and `nin` want
 * none to be named. An attribute that is not stated meets no rule, not even `ne`: nobody knows that it differs.
 */
export function isRuleMet({ attribute, operator, value }: PriceRule, attributes: Attributes): boolean {
  const stated = attributes.get(attribute)
  if (stated === undefined) return false
  switch (operator) {
    case "eq":
    case "in":
      return isNamed(stated, value)
    case "ne":
    case "nin":
      return !isNamed(stated, value)
    default:
      return stated.some((actual) => isDecimal(actual) && compares(operator, compareDecimals(actual, value as string)))
  }
}

export const isListRuleMet = ({ attribute, value }: ListRule, attributes: Attributes): boolean =>
  isNamed(attributes.get(attribute) ?? [], value)

const isNamed = (stated: readonly string[], value: string | readonly string[]): boolean =>
  typeof value === "string"
    ? stated.some((actual) => isSame(actual, value))
    : stated.some((actual) => value.some((named) => isSame(actual, named)))

/** Decimals are equal however they are written: an `item_total` of "100.00" is one of "100". */
const isSame = (a: string, b: string): boolean =>
  a === b || (isDecimal(a) && isDecimal(b) && compareDecimals(a, b) === 0)

function compares(operator: "gt" | "gte" | "lt" | "lte", order: number): boolean {
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
