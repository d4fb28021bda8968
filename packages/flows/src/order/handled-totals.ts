import { computedField, type ComputedField } from "@marquetry/kernel"
import { Amount, currencyOf, sum } from "@marquetry/money"
import { orderLineItemResource, orderResource } from "@marquetry/order"

/** What may become of pieces, and by which name the wire calls what they have cost. */
const handled = {
  fulfilled_total: "fulfilledQuantity",
  shipped_total: "shippedQuantity",
  return_requested_total: "returnRequestedQuantity",
  return_received_total: "returnReceivedQuantity",
  return_dismissed_total: "returnDismissedQuantity",
  write_off_total: "writtenOffQuantity",
} as const

type Handled = (typeof handled)[keyof typeof handled]

interface Line {
  readonly quantity: number
  readonly total: string
  readonly detail: Readonly<Record<Handled, number>> | null
}

const detail = Object.fromEntries(Object.values(handled).map((name) => [name, true])) as Record<Handled, true>
const line = { quantity: true, total: true, detail } as const

/** The part of a line's total that is for pieces of which something has become. */
export function handledOf({ quantity, total, detail: counts }: Line, name: Handled, currencyCode: string): Amount {
  const pieces = counts?.[name] ?? 0
  return Amount.of(total).times(pieces).dividedBy(quantity).roundTo(currencyOf(currencyCode))
}

const valueOf = (amount: Amount, wire: boolean) => (wire ? amount.toNumber() : amount.toString())

const ofLine = ([name, quantity]: [string, Handled]): ComputedField =>
  computedField(orderLineItemResource, {
    name,
    needs: { ...line, order: { currencyCode: true } },
    resolve: async (rows, { wire }) =>
      rows.map((row) => {
        const one = row as unknown as Line & { readonly order: { readonly currencyCode: string } }
        return valueOf(handledOf(one, quantity, one.order.currencyCode), wire)
      }),
  })

const ofOrder = ([name, quantity]: [string, Handled]): ComputedField =>
  computedField(orderResource, {
    name,
    needs: { currencyCode: true, items: line },
    resolve: async (rows, { wire }) =>
      rows.map((row) => {
        const { currencyCode, items } = row as unknown as { currencyCode: string; items: readonly Line[] }
        return valueOf(sum(items.map((item) => handledOf(item, quantity, currencyCode))), wire)
      }),
  })

/** On request: what pieces have cost that were packed, shipped, sent back; of lines, and of whole orders. */
export const handledTotals: readonly ComputedField[] = Object.entries(handled).flatMap((one) => [
  ofLine(one),
  ofOrder(one),
])
