import { computedField } from "@marquetry/kernel"
import { orderResource } from "@marquetry/order"
import { sum } from "@marquetry/money"

interface Collection {
  readonly status: string
  readonly amount: string
  readonly authorizedAmount: string | null
  readonly capturedAmount: string | null
  readonly refundedAmount: string | null
}

/** How far an order is paid for, over all of its payment collections. */
export const paymentStatus = computedField(orderResource, {
  name: "payment_status",
  needs: {
    paymentCollections: {
      status: true,
      amount: true,
      authorizedAmount: true,
      capturedAmount: true,
      refundedAmount: true,
    },
  },
  resolve: async (rows) => rows.map((row) => paymentStatusOf((row["paymentCollections"] ?? []) as Collection[])),
})

/** @returns one of the statuses of the wire; `not_paid` without a collection. */
export function paymentStatusOf(all: readonly Collection[]): string {
  const collections = all.filter(({ status }) => status !== "canceled")
  if (collections.length === 0) return all.length === 0 ? "not_paid" : "canceled"
  const add = (name: "amount" | "authorizedAmount" | "capturedAmount" | "refundedAmount") =>
    sum(collections.map((collection) => collection[name] ?? 0))
  const [amount, authorized, captured, refunded] = [
    add("amount"),
    add("authorizedAmount"),
    add("capturedAmount"),
    add("refundedAmount"),
  ]
  if (refunded.isPositive()) return refunded.atLeast(captured) ? "refunded" : "partially_refunded"
  if (captured.isPositive()) return captured.atLeast(amount) ? "captured" : "partially_captured"
  if (authorized.isPositive() || amount.isZero())
    return authorized.atLeast(amount) ? "authorized" : "partially_authorized"
  return collections.some(({ status }) => status === "awaiting") ? "awaiting" : "not_paid"
}
