import type { NamedRead } from "@marquetry/kernel"
import { Amount, sum } from "@marquetry/money"
import type { HeldOrder, OrderStatus } from "@marquetry/order"

/** Whom a collection is for. */
export interface BuyerFacts {
  /** Of the order. */
  readonly id: string
  readonly status: OrderStatus
  readonly canceledAt: string | null
  readonly isDraftOrder: boolean
  readonly email: string | null
  readonly customer: { readonly id: string; readonly hasAccount: boolean; readonly email: string | null } | null
}

/** What a collection of an order asks for, and what came of it. */
export interface CollectionFacts {
  readonly status: string
  readonly amount: string
  readonly capturedAmount: string
  readonly refundedAmount: string
}

const order = { id: true, status: true, canceledAt: true, isDraftOrder: true } as const
const buyer = {
  id: true,
  status: true,
  canceledAt: true,
  isDraftOrder: true,
  email: true,
  customer: { id: true, hasAccount: true, email: true, firstName: true, lastName: true, phone: true },
} as const
const collection = { status: true, amount: true, capturedAmount: true, refundedAmount: true } as const

/** The reads behind the facts. */
export const paymentReads = {
  /** All that an order is paid with. */
  ofOrder: (orderId: string): NamedRead => ({
    resource: "payment_collection",
    read: { fields: collection, filter: { order: { id: orderId } }, limit: 10_000 },
  }),
  /** Of which order a payment is. */
  ofPayment: (id: string): NamedRead => ({
    resource: "payment",
    read: { fields: { paymentCollection: { order } }, filter: { id }, limit: 1 },
  }),
  buyer: (collectionId: string): NamedRead => ({
    resource: "payment_collection",
    read: { fields: { order: buyer }, filter: { id: collectionId }, limit: 1 },
  }),
  session: (orderId: string, id: string): NamedRead => ({
    resource: "payment_session",
    read: {
      fields: { providerId: true, paymentCollection: { order: buyer } },
      filter: { id, paymentCollection: { order: { id: orderId } } },
      limit: 1,
    },
  }),
}

/**
 * What an order costs beyond what is paid for it and what its open collections ask for. Money that moved by other ways than
 * collections counts too.
 */
export function outstandingOf({ total, transactionTotal }: HeldOrder, collections: readonly CollectionFacts[]): Amount {
  const paid = sum(
    collections.map(({ capturedAmount, refundedAmount }) => Amount.of(capturedAmount).minus(refundedAmount)),
  )
  const asked = collections
    .filter(({ status }) => status !== "completed" && status !== "canceled")
    .map(({ amount, capturedAmount }) => Amount.of(amount).minus(capturedAmount))
    .filter((open) => open.isPositive())
  const otherwise = Amount.of(transactionTotal).minus(paid)
  const left = Amount.of(total).minus(paid).minus(sum(asked))
  return otherwise.isPositive() ? left.minus(otherwise) : left
}
