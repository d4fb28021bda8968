import type { ReservationService } from "@marquetry/inventory"
import { allDone, type Database, type Query } from "@marquetry/kernel"
import type { OrderService } from "@marquetry/order"
import {
  ProviderUnavailable,
  type PaymentProviderService,
  type PaymentService,
  type PaymentSessionService,
  type PreparedReversal,
} from "@marquetry/payment"
import type { PromotionService } from "@marquetry/promotion"
import type { OrderLedger } from "./order-ledger.ts"

export interface OrderFlowServices {
  readonly db: Database
  readonly query: Query
  readonly orders: OrderService
  readonly reservations: ReservationService
  readonly promotions: PromotionService
  readonly sessions: PaymentSessionService
  readonly payments: PaymentService
  readonly providers: PaymentProviderService
  readonly ledger: OrderLedger
}

/** An order that was called off, whose money may not be back yet. */
export interface CanceledOrder {
  readonly id: string
  /** What providers outside are to be asked. */
  readonly outside: readonly PreparedReversal[]
}

interface OrderRow {
  readonly items: readonly { readonly id: string }[]
  readonly paymentCollections: readonly {
    readonly id: string
    readonly paymentSessions: readonly { readonly id: string; readonly status: string }[]
  }[]
}

const fields = {
  items: { id: true },
  paymentCollections: { id: true, paymentSessions: { id: true, status: true } },
} as const

const closed = new Set(["authorized", "captured", "canceled"])

/** What is done to a whole order, in all modules that keep something for it. */
export class OrderFlow {
  readonly #services: OrderFlowServices

  constructor(services: OrderFlowServices) {
    this.#services = services
  }

  /**
   * Calls an order off, once: its stock and its uses of promotions are free again, what was authorised is given up, what was
   * captured is given back. Hold no transaction: within one, call {@link prepareCancel}, and after it {@link perform}.
   *
   * One transaction cancels the order, gives back what is ours, and records for each payment what is to be asked of its
   * provider; local ones answer in it. The others are asked after it. What then does not come to an answer, by a crash or
   * because nobody answers, stays recorded: the payments' recovery asks again, and the ledger tells the order.
   *
   * @param by who does it.
   * @throws {NotFound} {@link WrongOrderStatus}
   * @throws {OrderFulfilled} as long as something of it is fulfilled.
   * @throws {AuthorizationUnderWay} {@link CaptureUnderWay} {@link CollectionChanged} it is being paid: try again in a moment.
   * @throws {PaymentDeclined} a provider does not give the money back. The order is canceled all the same.
   */
  async cancel(orderId: string, by: string | null): Promise<void> {
    await this.perform(await this.prepareCancel(orderId, by))
  }

  /** The first half of {@link cancel}: all of it, but for providers outside. @returns what {@link perform} is called with. */
  async prepareCancel(orderId: string, by: string | null): Promise<CanceledOrder> {
    const { db, orders, ledger } = this.#services
    return db.transaction(async () => {
      // The order is held first: what is read after it does not change any more.
      const [, order] = await allDone([orders.cancel([orderId]), this.#read(orderId)])
      await this.#giveBack(orderId, order)
      const outside = await this.#prepare(order, by)
      await ledger.settle(orderId)
      return { id: orderId, outside }
    })
  }

  /** The second half of {@link cancel}: asks providers outside. @throws {PaymentDeclined} */
  async perform({ id, outside }: CanceledOrder): Promise<void> {
    const { payments, ledger } = this.#services
    if (outside.length === 0) return
    const results = await Promise.allSettled(outside.map(({ operationId }) => payments.perform(operationId)))
    await ledger.settle(id)
    const refused = results.find((result) => result.status === "rejected" && !isUnanswered(result.reason))
    if (refused?.status === "rejected") throw refused.reason
  }

  async #read(orderId: string): Promise<OrderRow> {
    const read = { fields, filter: { id: orderId }, limit: 1, count: false }
    const { rows } = await this.#services.query.listAny("order", read)
    return (rows[0] ?? { items: [], paymentCollections: [] }) as unknown as OrderRow
  }

  async #giveBack(orderId: string, { items }: OrderRow): Promise<void> {
    const { reservations, promotions } = this.#services
    await reservations.release({ lineItemIds: items.map(({ id }) => id) })
    await promotions.revertUsage(orderId)
  }

  /** Gives payments up, as far as that can be done here. @returns what providers outside are to be asked. */
  async #prepare({ paymentCollections }: OrderRow, by: string | null): Promise<PreparedReversal[]> {
    const { payments, providers, sessions } = this.#services
    const collectionIds = paymentCollections.map(({ id }) => id)
    const prepared = await payments.prepareReversals(collectionIds, { createdBy: by })
    const isLocal = ({ providerId }: PreparedReversal) => providers.isLocal(providerId)
    for (const { operationId } of prepared.filter(isLocal)) await payments.perform(operationId)
    // After the payments, as by everybody else who locks both.
    const open = paymentCollections.flatMap(({ paymentSessions }) => paymentSessions)
    for (const { id } of open.filter(({ status }) => !closed.has(status))) await sessions.delete(id)
    return prepared.filter((one) => !isLocal(one))
  }
}

/** It is not known what the provider did: it will be asked again. */
const isUnanswered = (error: unknown): boolean => error instanceof ProviderUnavailable
