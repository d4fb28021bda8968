import { computedField, type ComputedField } from "@marquetry/kernel"
import { Amount, currencyOf } from "@marquetry/money"
import { orderLineItemResource } from "@marquetry/order"

interface Line {
  readonly quantity: number
  readonly total: string
  readonly order: { readonly currencyCode: string }
  readonly detail: {
    readonly returnRequestedQuantity: number
    readonly returnReceivedQuantity: number
    readonly returnDismissedQuantity: number
  } | null
}

const needs = {
  quantity: true,
  total: true,
  order: { currencyCode: true },
  detail: { returnRequestedQuantity: true, returnReceivedQuantity: true, returnDismissedQuantity: true },
} as const

/** What may still be given back for a line: the part of its total that is for pieces that nobody sends back. */
export function refundableOf({ quantity, total, order, detail }: Line): { total: Amount; perUnit: Amount } {
  const { returnRequestedQuantity = 0, returnReceivedQuantity = 0, returnDismissedQuantity = 0 } = detail ?? {}
  const kept = Math.max(quantity - returnRequestedQuantity - returnReceivedQuantity - returnDismissedQuantity, 0)
  const currency = currencyOf(order.currencyCode)
  const refundable = Amount.of(total).times(kept).dividedBy(quantity).roundTo(currency)
  return { total: refundable, perUnit: kept === 0 ? Amount.zero : refundable.dividedBy(kept).roundTo(currency) }
}

const field = (name: string, of: (line: Line) => Amount): ComputedField =>
  computedField(orderLineItemResource, {
    name,
    needs,
    resolve: async (rows, { wire }) =>
      rows.map((row) => {
        const amount = of(row as unknown as Line)
        return wire ? amount.toNumber() : amount.toString()
      }),
  })

/** On request: lines of orders do not have them unless they are named. */
export const refundableTotals: readonly ComputedField[] = [
  field("refundable_total", (line) => refundableOf(line).total),
  field("refundable_total_per_unit", (line) => refundableOf(line).perUnit),
]
