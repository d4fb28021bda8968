import { AmountOutOfRange, computeTotals, currencyOf, type ComputedTotals, type TotalsLine } from "@marquetry/money"
import { OrderTotalTooLarge } from "./order.errors.ts"

type Line = Omit<TotalsLine, "unitPrice" | "quantity">

/** What totals of an order are made of. */
interface Totalled {
  readonly currencyCode: string
  readonly items: readonly TotalsLine[]
  readonly shippingMethods: readonly (Line & { readonly amount: string })[]
  readonly creditLines: readonly { readonly amount: string }[]
}

/** @throws {OrderTotalTooLarge} */
export function totalsOf({ currencyCode, items, shippingMethods, creditLines }: Totalled): ComputedTotals {
  const methods = shippingMethods.map((method): TotalsLine => ({ ...method, unitPrice: method.amount, quantity: 1 }))
  try {
    return computeTotals({ items, shippingMethods: methods, creditLines }, currencyOf(currencyCode))
  } catch (error) {
    throw error instanceof AmountOutOfRange ? new OrderTotalTooLarge({ cause: error }) : error
  }
}
