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

export type NewCapture = Pick<CapturePayment, "amount" | "metadata">
export type NewRefund = Omit<RefundPayment, "createdBy">

/**
 * Takes money for orders, and gives it back, in the same way whether the provider is local or outside: one transaction
 * reserves the amount, and the payment decides in the database what is left of it; the provider is asked with nothing held,
 * and its answer is recorded; then the order is told, by the {@link OrderLedger}. What a crash leaves in between the
 * payments' recovery and the ledger's subscribers finish.
 *
 * Payments and collections are never held while an order is waited for: whoever holds an order may wait for them.
 */
export class OrderPaymentFlow {
  readonly #services: OrderPaymentFlowServices

  constructor(services: OrderPaymentFlowServices) {
    this.#services = services
  }

  /**
   * Takes money that was authorised; all that is left unless an amount is given. Hold no transaction: within one, call
   * {@link prepareCapture}, and after it {@link perform}.
   *
   * @param by who does it.
   * @throws {WrongOrderStatus} the order was called off, or is a draft.
   * @throws {NotFound} {@link CaptureTooHigh} {@link PaymentIsCanceled} {@link InvalidInput} {@link PaymentDeclined}
   * @throws {ProviderUnavailable} it is not known whether it was taken; recovery will find out, and tell the order.
   */
  async capture(paymentId: string, input: NewCapture, by: string | null): Promise<void> {
    await this.perform(await this.prepareCapture(paymentId, input, by))
  }

  /**
   * Gives back money that was captured; all of it unless an amount is given. Hold no transaction: within one, call
   * {@link prepareRefund}, and after it {@link perform}.
   *
   * @throws {NotFound} {@link RefundTooHigh} {@link InvalidInput} {@link PaymentDeclined}
   * @throws {ProviderUnavailable} as {@link capture}
   */
  async refund(paymentId: string, input: NewRefund, by: string | null): Promise<void> {
    await this.perform(await this.prepareRefund(paymentId, input, by))
  }

  /** The first half of {@link capture}. @returns what {@link perform} is called with. */
  async prepareCapture(paymentId: string, input: NewCapture, by: string | null): Promise<string> {
    const { db, query, payments } = this.#services
    return db.transaction(async () => {
      const operationId = await payments.prepareCapture(paymentId, { ...input, createdBy: by })
      // Whoever calls the order off holds its payments too: now that this one is held, the order is as it will be.
      const [rows = []] = await query.listTogether([paymentReads.ofPayment(paymentId)])
      const { order } = (rows[0] as unknown as PaymentRow).paymentCollection
      if (order !== null) assertPayable(order)
      return operationId
    })
  }

  /** The first half of {@link refund}. @returns what {@link perform} is called with. */
  prepareRefund(paymentId: string, input: NewRefund, by: string | null): Promise<string> {
    return this.#services.payments.prepareRefund(paymentId, { ...input, createdBy: by })
  }

  /**
   * Asks the provider for what was prepared, and tells the order. Safe to call twice.
   *
   * @throws {NotFound} {@link PaymentDeclined} {@link ProviderUnavailable}
   */
  async perform(operationId: string): Promise<void> {
    const { payments } = this.#services
    const { paymentCollectionId } = await payments.perform(operationId)
    await this.#tell(paymentCollectionId)
  }

  /**
   * Asks for more money for an order, in a collection of its own.
   *
   * @throws {NotFound} {@link WrongOrderStatus} {@link InvalidInput}
   * @throws {AmountNotOutstanding} more than the order costs beyond what is paid, authorised and asked for already.
   */
  async createCollection(orderId: string, amount: AmountLike): Promise<{ id: string }> {
    const { query, collections, links } = this.#services
    return this.#held(orderId, async (order) => {
      assertPayable(order)
      const { currencyCode } = order
      const wanted = Amount.of(amount).roundTo(currencyOf(currencyCode))
      if (!wanted.isPositive()) throw new InvalidInput([{ path: ["amount"], message: "an amount above zero" }])
      const [rows = []] = await query.listTogether([paymentReads.ofOrder(orderId)])
      const left = outstandingOf(order, rows as unknown as CollectionFacts[])
      if (wanted.greaterThan(left)) throw new AmountNotOutstanding(orderId, wanted.toString(), left.toString())
      const [id] = await collections.createMany([{ amount: wanted.toString(), currencyCode }])
      await links.add(orderPaymentCollection, [[orderId, id as string]])
      return { id: id as string }
    })
  }

  /** Asks no more for money of which nothing was paid. @throws {NotFound} {@link CollectionInUse} {@link AuthorizationUnderWay} */
  async deleteCollection(collectionId: string): Promise<void> {
    const { collections, links } = this.#services
    const { id: orderId } = await this.#buyerOf(collectionId)
    await this.#services.db.transaction(async () => {
      await collections.delete(collectionId)
      await links.remove(orderPaymentCollection, [[orderId, collectionId]])
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
    const { db, sessions, payments, providers } = this.#services
    if (!providers.isLocal(providerId)) throw new NotPaidByHand(providerId)
    const buyer = await this.#buyerOf(collectionId)
    if (buyer.id !== orderId) throw new NotFound("Payment collection", collectionId)
    assertPayable(buyer)
    await db.transaction(async () => {
      const session = await sessions.create(collectionId, { providerId, context: contextOf(buyer) })
      // Whoever calls the order off holds its collections too: now that this one is held, the order is as it will be.
      assertPayable(await this.#buyerOf(collectionId))
      const outcome = await sessions.authorize(session.id)
      const { payment } = await sessions.record(session.id, outcome)
      if (payment === null) throw new PaymentDeclined(outcome.message ?? "The payment was not authorized")
      // One that costs nothing, or was captured at once, has nothing left.
      if (Amount.of(payment.amount).greaterThan(payment.capturedAmount)) {
        await payments.capture(payment.id, { createdBy: by })
      }
    })
    await this.#tell(collectionId)
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
    assertPayable(buyer)
    await this.#services.sessions.create(collectionId, { providerId, data: data ?? {}, context: contextOf(buyer) })
  }

  /**
   * Has a provider set money aside for an order.
   *
   * @returns whether it did; `false` when it declined, or wants something of the buyer first.
   * @throws {NotFound} {@link WrongOrderStatus} {@link SessionClosed} {@link ProviderUnavailable}
   */
  async authorizeSession(orderId: string, sessionId: string): Promise<boolean> {
    const { query, sessions } = this.#services
    const [rows = []] = await query.listTogether([paymentReads.session(orderId, sessionId)])
    const session = rows[0] as unknown as SessionRow | undefined
    if (session === undefined) throw new NotFound("Payment session", sessionId)
    assertPayable(session.paymentCollection.order)
    // Whoever calls the order off drops the session, or is refused while the provider is asked.
    const { payment, collection } = await sessions.authorizeAndRecord(sessionId)
    await this.#tell(collection.id)
    return payment !== null
  }

  /** In a transaction of the caller the subscribers do it, after it: the order may be held by somebody who waits for us. */
  async #tell(collectionId: string): Promise<void> {
    const { db, ledger } = this.#services
    if (!db.inTransaction) await ledger.settleOf(collectionId)
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
  readonly paymentCollection: { readonly order: Standing | null }
}

interface SessionRow {
  readonly paymentCollection: { readonly order: BuyerFacts }
}

/** Of one that is held the status says it all. */
type Standing = Pick<HeldOrder, "id" | "status"> & Partial<Pick<BuyerFacts, "canceledAt" | "isDraftOrder">>

/** One that was called off stays so when it is archived, and a draft is one until it is an order. */
function assertPayable({ id, status, canceledAt = null, isDraftOrder = false }: Standing): void {
  const isCanceled = status === "canceled" || canceledAt !== null
  if (isCanceled || isDraftOrder || status === "draft") throw new WrongOrderStatus([{ id, status }], "paid")
}

/** What a provider is told of whoever pays. */
const contextOf = ({ email, customer }: BuyerFacts) => ({
  email,
  customer: customer?.hasAccount === true ? { ...customer } : null,
})
