import { subscribe, type AnyFilter, type DependencyContainer, type Query, type Subscriber } from "@marquetry/kernel"
import { Amount } from "@marquetry/money"
import { OrderPlaced, type NewOrderTransaction, type OrderService } from "@marquetry/order"
import { PaymentCaptured, PaymentRefunded } from "@marquetry/payment"

interface Moved {
  readonly id: string
  readonly amount: string
}

interface OrderRow {
  readonly id: string
  readonly currencyCode: string
  readonly transactions: readonly { readonly reference: string; readonly referenceId: string }[]
  readonly paymentCollections: readonly {
    readonly payments: readonly { readonly captures: readonly Moved[]; readonly refunds: readonly Moved[] }[]
  }[]
}

const moved = { id: true, amount: true } as const
const fields = {
  id: true,
  currencyCode: true,
  transactions: { reference: true, referenceId: true },
  paymentCollections: { payments: { captures: moved, refunds: moved } },
} as const

/**
 * Tells orders what was captured and refunded for them. There is this one way, from whatever moved the money: all captures
 * and refunds of the order's collections are read, and those that the order does not know are added. An order counts each
 * once, so that it may be done at any time, twice, and by several at once.
 *
 * A flow does it as soon as the money is recorded, holding nothing but the order. What is heard of otherwise (by a webhook, by
 * recovery, after a crash) the subscribers {@link paymentLedger} do: its event is in the outbox if the money was recorded.
 */
export class OrderLedger {
  readonly #query: Query
  readonly #orders: OrderService

  constructor(query: Query, orders: OrderService) {
    this.#query = query
    this.#orders = orders
  }

  /** One statement where the order knows all; else three. An order that there is not is passed over. */
  async settle(orderId: string): Promise<void> {
    await this.#settle({ id: orderId })
  }

  /** {@link settle} the order that a collection is of, if it is of one. */
  async settleOf(paymentCollectionId: string): Promise<void> {
    await this.#settle({ paymentCollections: { id: paymentCollectionId } })
  }

  async #settle(filter: AnyFilter): Promise<void> {
    const { rows } = await this.#query.listAny("order", { fields, filter, limit: 1, count: false })
    const order = rows[0] as unknown as OrderRow | undefined
    if (order === undefined) return
    const { id: orderId, currencyCode } = order
    const known = new Set(order.transactions.map(({ reference, referenceId }) => `${reference} ${referenceId}`))
    const transactions = order.paymentCollections
      .flatMap(({ payments }) => payments)
      .flatMap(({ captures, refunds }): Omit<NewOrderTransaction, "orderId" | "currencyCode">[] => [
        ...captures.map(({ id, amount }) => ({ reference: "capture", referenceId: id, amount })),
        ...refunds.map(({ id, amount }) => ({ reference: "refund", referenceId: id, amount: `-${amount}` })),
      ])
      .filter(({ reference, referenceId, amount }) => {
        return !known.has(`${reference} ${referenceId}`) && !Amount.of(amount).isZero()
      })
    await this.#orders.addTransactions(transactions.map((one) => ({ ...one, orderId, currencyCode })))
  }
}

const ledgerOf = (container: DependencyContainer) => container.resolve(OrderLedger)

/** Tell orders what was captured and refunded for them, by whatever way; when they are placed, what was before. */
export const paymentLedger = [
  (container: DependencyContainer): Subscriber =>
    subscribe(PaymentCaptured, "order.count_capture", ({ payload }) =>
      ledgerOf(container).settleOf(payload.paymentCollectionId),
    ),
  (container: DependencyContainer): Subscriber =>
    subscribe(PaymentRefunded, "order.count_refund", ({ payload }) =>
      ledgerOf(container).settleOf(payload.paymentCollectionId),
    ),
  (container: DependencyContainer): Subscriber =>
    subscribe(OrderPlaced, "order.count_payments", ({ payload }) => ledgerOf(container).settle(payload.id)),
] as const
