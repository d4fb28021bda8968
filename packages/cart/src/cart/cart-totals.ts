import { AmountOutOfRange, computeTotals, currencyOf, type ComputedLine, type TotalsLine } from "@marquetry/money"
import type { CartLineView, CartShippingMethodView, CartView } from "./cart-draft.ts"
import { CartTotalTooLarge } from "./cart.errors.ts"

/** Writes the totals of a cart, its lines and shipping methods. @throws {CartTotalTooLarge} */
export function settleTotals(cart: CartView): void {
  const computed = compute(cart)
  Object.assign(cart, computed.totals)
  cart.items.forEach((item, index) => write(item, computed.items[index] as ComputedLine))
  cart.shippingMethods.forEach((method, index) => write(method, computed.shippingMethods[index] as ComputedLine))
}

function compute({ currencyCode, items, shippingMethods, creditLines }: CartView) {
  const methods = shippingMethods.map((method): TotalsLine => ({ ...method, unitPrice: method.amount, quantity: 1 }))
  try {
    return computeTotals({ items, shippingMethods: methods, creditLines }, currencyOf(currencyCode))
  } catch (error) {
    throw error instanceof AmountOutOfRange ? new CartTotalTooLarge({ cause: error }) : error
  }
}

function write(line: CartLineView | CartShippingMethodView, computed: ComputedLine): void {
  Object.assign(line, computed.totals)
  line.adjustments.forEach((adjustment, index) => Object.assign(adjustment, computed.adjustments[index]))
  line.taxLines.forEach((taxLine, index) => Object.assign(taxLine, computed.taxLines[index]))
}
