import { metadata, p, timestamps } from "@marquetry/kernel"
import { cartTotalNames, lineTotalNames } from "@marquetry/money"

/** Major units, exact. */
export const amount = () => p.decimal().columnType("numeric")
export const zero = () => amount().default("0")
export const nullableText = () => p.text().strictNullable().default(null)
export const count = () => p.integer().default(0)

function columns<const Name extends string>(names: readonly Name[]) {
  return Object.fromEntries(names.map((name) => [name, zero()])) as Record<Name, ReturnType<typeof zero>>
}

// Written by the one function that computes totals: reading an order adds nothing up.
export const orderTotals = columns(cartTotalNames)
export const lineTotals = columns(lineTotalNames)
const partTotals = columns(["subtotal", "total"])

/** A discount, on whatever it is. */
export const adjustment = {
  version: p.integer().default(1),
  code: nullableText(),
  promotionId: nullableText(),
  description: nullableText(),
  providerId: nullableText(),
  amount: amount(),
  /** Whether the amount contains tax. */
  isTaxInclusive: p.boolean().default(false),
  ...partTotals,
  ...metadata,
  ...timestamps,
}

/** A tax, on whatever it is. */
export const taxLine = {
  description: nullableText(),
  taxRateId: nullableText(),
  code: nullableText(),
  /** Per cent. */
  rate: amount(),
  providerId: nullableText(),
  data: p.json<Record<string, unknown>>().strictNullable().default(null),
  ...partTotals,
  ...metadata,
  ...timestamps,
}

/** What became of the pieces of a line, and of those of a whole order. */
export const handledQuantities = {
  fulfilledQuantity: count(),
  shippedQuantity: count(),
  deliveredQuantity: count(),
}

/** Pieces are delivered after they were shipped, and shipped after they were fulfilled. */
export const handledInOrder =
  "0 <= delivered_quantity and delivered_quantity <= shipped_quantity and shipped_quantity <= fulfilled_quantity"

const jsonOf = (totals: Readonly<Record<string, string>>) => {
  const parts = Object.entries(totals).map(([name, value]) => `"${name}":' || (${value})::text || '`)
  // Not jsonb_build_object: a generated column takes immutable expressions only.
  return `(('{${parts.join(",")}}')::jsonb) stored`
}

/** How an order stands, as the wire names it: JSON numbers that follow from the columns of the order. */
export const summaryExpression = jsonOf({
  current_order_total: "total",
  original_order_total: "placed_total",
  accounting_total: "total + credit_line_total",
  paid_total: "paid_total",
  refunded_total: "refunded_total",
  transaction_total: "paid_total - refunded_total",
  credit_line_total: "credit_line_total",
  pending_difference:
    "case when canceled_at is null then total - paid_total + refunded_total else least(refunded_total - paid_total, 0) end",
})

export interface OrderSummary {
  /** What is to be paid now. */
  current_order_total: number
  /** What was to be paid when the order was placed. */
  original_order_total: number
  /** What is to be paid now, before credits. */
  accounting_total: number
  paid_total: number
  refunded_total: number
  /** Paid, less what was given back. */
  transaction_total: number
  credit_line_total: number
  /** Still owed by the customer; negative: owed to the customer. Of an order that was canceled only that. */
  pending_difference: number
}

export const fulfillmentStatuses = [
  "not_fulfilled",
  "partially_fulfilled",
  "fulfilled",
  "partially_shipped",
  "shipped",
  "partially_delivered",
  "delivered",
  "canceled",
] as const

export const fulfillmentStatusExpression = `(case
  when canceled_at is not null then 'canceled'
  when delivered_quantity > 0 then case when delivered_quantity = item_quantity then 'delivered' else 'partially_delivered' end
  when shipped_quantity > 0 then case when shipped_quantity = item_quantity then 'shipped' else 'partially_shipped' end
  when fulfilled_quantity > 0 then case when fulfilled_quantity = item_quantity then 'fulfilled' else 'partially_fulfilled' end
  else 'not_fulfilled' end) stored`
