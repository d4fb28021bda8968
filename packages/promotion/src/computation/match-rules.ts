import type { Rule } from "../promotion/promotion.types.ts"
import type { Attributes, PromotionCart } from "./computation.types.ts"
import { compareDecimals, isDecimal } from "./decimals.ts"

/** The values of an attribute; `undefined` when it is not known. */
export type Lookup = (attribute: string) => readonly string[] | undefined

/** The first of the rules that is not met; `undefined` when all are. */
export const firstUnmet = (rules: readonly Rule[], lookup: Lookup): Rule | undefined =>
  rules.find((rule) => !isRuleMet(rule, lookup))

/**
 * Whether a rule is met. `eq` and `in` want one value of the attribute to be one of the rule's, the four that compare
 * want one to compare so, `ne` wants none to be one of the rule's. An attribute that is not known meets no rule, not
 * even `ne`: nobody knows that it differs.
 */
export function isRuleMet({ attribute, operator, values }: Rule, lookup: Lookup): boolean {
  const stated = lookup(attribute)
  if (stated === undefined) return false
  if (operator === "eq" || operator === "in") return isNamed(stated, values)
  if (operator === "ne") return !isNamed(stated, values)
  return stated.some((actual) => values.some((bound) => compares(operator, actual, bound)))
}

const isNamed = (stated: readonly string[], values: readonly string[]): boolean =>
  stated.some((actual) => values.some((value) => isSame(actual, value)))

/** Decimals are equal however they are written: an `item_total` of "100.00" is one of "100". */
const isSame = (a: string, b: string): boolean =>
  a === b || (isDecimal(a) && isDecimal(b) && compareDecimals(a, b) === 0)

function compares(operator: "gt" | "gte" | "lt" | "lte", actual: string, bound: string): boolean {
  if (!isDecimal(actual) || !isDecimal(bound)) return false
  const order = compareDecimals(actual, bound)
  if (operator === "gt") return order > 0
  if (operator === "gte") return order >= 0
  return operator === "lt" ? order < 0 : order <= 0
}

/** What is known of one line: `product.id` and `items.product.id` are the same. */
export function lookupIn(attributes: Attributes, prefix: string): Lookup {
  return (attribute) => {
    const bare = attribute.startsWith(prefix) ? attribute.slice(prefix.length) : attribute
    return valuesOf(attributes, bare) ?? valuesOf(attributes, prefix + bare)
  }
}

export const ITEMS = "items."
export const SHIPPING_METHODS = "shipping_methods."

/**
 * What is known of a cart as a whole. An attribute of items or shipping methods, by its full name, has the values of all
 * of them together, so that a promotion can ask for a product somewhere in the cart.
 */
export function lookupInCart(cart: PromotionCart): Lookup {
  const own: Attributes = {
    currency_code: cart.currencyCode,
    ...(typeof cart.customerId === "string" ? { "customer.id": cart.customerId } : {}),
    ...(typeof cart.email === "string" ? { email: cart.email } : {}),
    ...cart.attributes,
  }
  return (attribute) => {
    const stated = valuesOf(own, attribute)
    if (stated !== undefined) return stated
    if (attribute.startsWith(ITEMS)) return together(cart.items, attribute, ITEMS)
    if (attribute.startsWith(SHIPPING_METHODS)) return together(cart.shippingMethods, attribute, SHIPPING_METHODS)
    return undefined
  }
}

function together(
  lines: readonly { readonly attributes: Attributes }[],
  attribute: string,
  prefix: string,
): readonly string[] | undefined {
  const stated = lines.flatMap(({ attributes }) => {
    const values = lookupIn(attributes, prefix)(attribute)
    return values === undefined ? [] : [values]
  })
  return stated.length === 0 ? undefined : stated.flat()
}

function valuesOf(attributes: Attributes, name: string): readonly string[] | undefined {
  if (!Object.hasOwn(attributes, name)) return undefined
  const value = attributes[name]
  return typeof value === "string" ? [value] : value
}
