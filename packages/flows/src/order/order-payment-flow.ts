import { InvalidInput, NotFound, type Database, type Links, type Query } from "@marquetry/kernel"
import { Amount, currencyOf, type AmountLike } from "@marquetry/money"
import { WrongOrderStatus, type HeldOrder, type OrderService } from "@marquetry/order"
import {
  manualPayment,
  PaymentDeclined,
  type CapturePayment,
  type PaymentCollectionService,
  type PaymentProviderService,
  type PaymentService,
  type PaymentSessionService,
  type RefundPayment,
} from "@marquetry/payment"
import { orderPaymentCollection } from "../links.ts"
import type { OrderLedger } from "./order-ledger.ts"
import { AmountNotOutstanding, NotPaidByHand } from "./order-payment.errors.ts"
import { outstandingOf, paymentReads, type BuyerFacts, type CollectionFacts } from "./order-payment-facts.ts"

export interface OrderPaymentFlowServices {
  readonly db: Database
  readonly query: Query
  readonly links: Links
  readonly orders: OrderService
  readonly collections: PaymentCollectionService
  readonly sessions: PaymentSessionService
  readonly payments: PaymentService
  readonly providers: PaymentProviderService
  readonly ledger: OrderLedger
}

/**
 * Takes money for orders, and gives it back. The payment decides in the database what is left of it; the order is told by
 * the {@link OrderLedger}.
 *
 * With a provider that is local each is one transaction. With one outside, the amount is reserved, the provider is asked with
 * nothing held, what it answers is recorded, and then the order is told; what a crash leaves in between the payments'
 * recovery and the ledger's subscribers finish. The order is held before its payments, by whoever holds both.
 */
export class OrderPaymentFlow {
  readonly #services: OrderPaymentFlowServices

  constructor(services: OrderPaymentFlowServices) {
    this.#services = services
  }

  /**
   * Takes money that was authorised; all that is left unless an amount is given.
   *
   * @param by who does it.
   * @throws {NotFound} {@link CaptureTooHigh} {@link PaymentIsCanceled} {@link InvalidInput} {@link PaymentDeclined}
   * @throws {ProviderUnavailable} it is not known whether it was taken; recovery will find out, and tell the order.
   */
  async capture(
    paymentId: string,
    input: Pick<CapturePayment, "amount" | "metadata">,
    by: string | null,
  ): Promise<void> {
    const { payments } = this.#services
    await this.#move(paymentId, () => payments.prepareCapture(paymentId, { ...input, createdBy: by }))
  }

  /**
   * Gives back money that was captured; all of it unless an amount is given.
   *
   * @throws as {@link capture}, with {@link RefundTooHigh}
   */
  async refund(paymentId: string, input: Omit<RefundPayment, "createdBy">, by: string | null): Promise<void> {
    const { payments } = this.#services
    await this.#move(paymentId, () => payments.prepareRefund(paymentId, { ...input, createdBy: by }))
  }

  /**
   * Asks for more money for an order, in a collection of its own.
   *
   * @returns the id of the collection.
   * @throws {NotFound} {@link WrongOrderStatus} {@link InvalidInput}
   * @throws {AmountNotOutstanding} more than the order costs beyond what is paid, authorised and asked for already.
   */
  async createCollection(orderId: string, amount: AmountLike): Promise<string> {
    const { query, collections, links } = this.#services
    return this.#held(orderId, async (order) => {
      assertAlive(order)
      const { currencyCode } = order
      const wanted = Amount.of(amount).roundTo(currencyOf(currencyCode))
      if (!wanted.isPositive()) throw new InvalidInput([{ path: ["amount"], message: "an amount above zero" }])
      const [rows = []] = await query.listTogether([paymentReads.ofOrder(orderId)])
      const left = outstandingOf(order, rows as unknown as CollectionFacts[])
      if (wanted.greaterThan(left)) throw new AmountNotOutstanding(orderId, wanted.toString(), left.toString())
      const [id] = await collections.createMany([{ amount: wanted.toString(), currencyCode }])
      await links.add(orderPaymentCollection, [[orderId, id as string]])
      return id as string
    })
  }

  /** Asks no more for money of which nothing was paid. @throws {NotFound} {@link CollectionInUse} {@link AuthorizationUnderWay} */
  async deleteCollection(collectionId: string): Promise<void> {
    const { collections, links } = this.#services
    const buyer = await this.#buyerOf(collectionId)
    await this.#held(buyer.id, async () => {
      await collections.delete(collectionId)
      await links.remove(orderPaymentCollection, [[buyer.id, collectionId]])
    })
  }

  /**
   * Writes down that a collection was paid by other ways: authorised and captured at once.
   *
   * @throws {NotFound} also of a collection of another order. {@link WrongOrderStatus} {@link AlreadyAuthorized}
   *   {@link UnknownProvider} {@link AuthorizationUnderWay}
   * @throws {NotPaidByHand} the provider has to be asked outside.
   */
  async markAsPaid(
    collectionId: string,
    { orderId, providerId = manualPayment.id }: { readonly orderId: string; readonly providerId?: string | undefined },
    by: string | null,
  ): Promise<void> {
    const { sessions, payments, providers, ledger } = this.#services
    if (!providers.isLocal(providerId)) throw new NotPaidByHand(providerId)
    const buyer = await this.#buyerOf(collectionId)
    if (buyer.id !== orderId) throw new NotFound("Payment collection", collectionId)
    await this.#held(orderId, async (order) => {
      assertAlive(order)
      const session = await sessions.create(collectionId, { providerId, context: contextOf(buyer) })
      const outcome = await sessions.authorize(session.id)
      const { payment } = await sessions.record(session.id, outcome)
      if (payment === null) throw new PaymentDeclined(outcome.message ?? "The payment was not authorized")
      // One that costs nothing, or was captured at once, has nothing left.
      if (Amount.of(payment.amount).greaterThan(payment.capturedAmount)) {
        await payments.capture(payment.id, { createdBy: by })
      }
      await ledger.settle(orderId)
    })
  }

  /**
   * Begins to pay a collection of an order with a provider, in place of what was begun before.
   *
   * @throws {NotFound} {@link WrongOrderStatus} {@link UnknownProvider} {@link AlreadyAuthorized} {@link AuthorizationUnderWay}
   *   {@link PaymentDeclined} {@link ProviderUnavailable}
   */
  async createSession(
    collectionId: string,
    { providerId, data }: { readonly providerId: string; readonly data?: Record<string, unknown> | undefined },
  ): Promise<void> {
    const buyer = await this.#buyerOf(collectionId)
    assertAlive(buyer)
    await this.#services.sessions.create(collectionId, { providerId, data: data ?? {}, context: contextOf(buyer) })
  }

  /**
   * Has a provider set money aside for an order.
   *
   * @returns whether it did; `false` when it declined, or wants something of the buyer first.
   * @throws {NotFound} {@link WrongOrderStatus} {@link SessionClosed} {@link ProviderUnavailable}
   */
  async authorizeSession(orderId: string, sessionId: string): Promise<boolean> {
    const { query, sessions, providers, ledger } = this.#services
    const [rows = []] = await query.listTogether([paymentReads.session(orderId, sessionId)])
    const session = rows[0] as unknown as SessionRow | undefined
    if (session === undefined) throw new NotFound("Payment session", sessionId)
    assertAlive(session.paymentCollection.order)
    const authorize = async () => {
      const { payment } = await sessions.authorizeAndRecord(sessionId)
      await ledger.settle(orderId)
      return payment !== null
    }
    if (!providers.isLocal(session.providerId)) return authorize()
    return this.#held(orderId, authorize)
  }

  /** Prepares an operation on a payment, performs it, and tells the order. */
  async #move(paymentId: string, prepare: () => Promise<string>): Promise<void> {
    const { query, payments, providers, ledger } = this.#services
    const [rows = []] = await query.listTogether([paymentReads.ofPayment(paymentId)])
    const payment = rows[0] as unknown as PaymentRow | undefined
    if (payment === undefined) throw new NotFound("Payment", paymentId)
    const orderId = payment.paymentCollection.order?.id
    const move = async () => {
      await payments.perform(await prepare())
      if (orderId !== undefined) await ledger.settle(orderId)
    }
    if (!providers.isLocal(payment.providerId)) await move()
    else if (orderId === undefined) await this.#services.db.transaction(move)
    else await this.#held(orderId, move)
  }

  async #held<T>(orderId: string, work: (order: HeldOrder) => Promise<T>): Promise<T> {
    const { db, orders } = this.#services
    return db.transaction(async () => work(await orders.hold(orderId)))
  }

  /** @throws {NotFound} when there is no such collection, or it is of no order. */
  async #buyerOf(collectionId: string): Promise<BuyerFacts> {
    const [rows = []] = await this.#services.query.listTogether([paymentReads.buyer(collectionId)])
    const order = (rows[0] as unknown as { order: BuyerFacts | null } | undefined)?.order
    if (order === undefined || order === null) throw new NotFound("Payment collection", collectionId)
    return order
  }
}

interface PaymentRow {
  readonly providerId: string
  readonly paymentCollection: { readonly order: { readonly id: string } | null }
}

interface SessionRow {
  readonly providerId: string
  readonly paymentCollection: { readonly order: BuyerFacts }
}

function assertAlive({ id, status }: Pick<HeldOrder, "id" | "status">): void {
  if (status === "canceled") throw new WrongOrderStatus([{ id, status }], "paid")
}

/** What a provider is told of whoever pays. */
const contextOf = ({ email, customer }: BuyerFacts) => ({
  email,
  customer: customer?.hasAccount === true ? { ...customer } : null,
})
