import { setTimeout as wait } from "node:timers/promises"
import { CartAlreadyCompleted, type CartService, type CartView } from "@marquetry/cart"
import { allDone, newId, NotFound, type Database, type Links, type Query } from "@marquetry/kernel"
import { orderResource, type OrderService } from "@marquetry/order"
import type { AttemptOutcome, PaymentProviderService, PaymentSessionService } from "@marquetry/payment"
import { factReads, type CheckoutFacts, type SessionFacts } from "../cart/cart-facts.ts"
import { ownSituation } from "../cart/own-situation.ts"
import type { Situation } from "../cart/situation.ts"
import { orderPaymentCollection, orderPromotion } from "../links.ts"
import { settleStorefront, storefrontReads, type Shopper } from "../shopper.ts"
import type { Storefronts } from "../storefronts.ts"
import { beginAttempt, endAttempt, type Attempt } from "./checkout-attempts.ts"
import { assertComplete } from "./checkout-checks.ts"
import { CheckoutUnderWay, PaymentMissing } from "./checkout.errors.ts"
import { usesOf, type Holdings } from "./holdings.ts"
import { orderOf } from "./order-of-cart.ts"
import { isPaid, isSessionGone, payingSession } from "./paying-session.ts"

/** What came of completing a cart. */
export type CheckoutResult =
  | { readonly kind: "order"; readonly orderId: string }
  /** The payment was not authorised; the cart is as it was. */
  | { readonly kind: "refused"; readonly reason: "declined" | "requires_more"; readonly message: string }

export interface CheckoutServices {
  readonly db: Database
  readonly query: Query
  readonly links: Links
  readonly carts: CartService
  readonly orders: OrderService
  readonly sessions: PaymentSessionService
  readonly providers: PaymentProviderService
  readonly storefronts: Storefronts
  readonly holdings: Holdings
}

/** How long others wait for an attempt under way before they are told to come again. */
const PATIENCE = 20_000
/** Somebody else is at it, or has just changed how to pay: look again. */
const AGAIN = "again"

/**
 * Makes an order of a cart: a saga whose state is in the database.
 *
 * With a provider that is local, or nothing to pay, one transaction does all. Else the first one takes stock and uses of
 * promotions and records the attempt; the provider is asked without a transaction, under the id of the attempt; the second
 * one places the order, or gives everything back. A crash anywhere is finished by {@link resume}, from any process.
 *
 * The row of the attempt decides: whoever deletes it goes on, to the order or back. Locks are taken in this order: cart,
 * attempt, stock, promotions, payment.
 */
export class CheckoutFlow {
  readonly #services: CheckoutServices

  constructor(services: CheckoutServices) {
    this.#services = services
  }

  /**
   * Completes a cart: once, however many ask at once and however often; all get the same order.
   *
   * @param shopper `null` for the shop itself, when a payment was heard of by other ways: it asks nobody for money.
   * @throws {NotFound} {@link CartEmpty} {@link EmailMissing} {@link AddressMissing} {@link ShippingMissing}
   *   {@link VariantsNotOffered} {@link PaymentMissing} {@link InsufficientInventory} {@link PromotionLimitReached}
   *   {@link PromotionGone} {@link ProviderUnavailable}
   * @throws {CheckoutUnderWay} when another attempt takes too long.
   */
  async complete(cartId: string, shopper: Shopper | null): Promise<CheckoutResult> {
    const deadline = Date.now() + PATIENCE
    for (let pause = 20; ; pause = Math.min(pause * 2, 500)) {
      const begun = await this.#begin(cartId, shopper)
      const result = begun !== AGAIN && "id" in begun ? await this.#authorize(begun) : begun
      if (result !== AGAIN) return result
      if (Date.now() > deadline) throw new CheckoutUnderWay(cartId)
      await wait(pause)
    }
  }

  /**
   * Finishes an attempt that somebody has left: places the order if the payment was authorised, else gives everything
   * back. Safe to run twice, and beside whoever is still alive.
   *
   * @throws {ProviderUnavailable} when it is not known what became of the payment.
   */
  async resume(attempt: Attempt): Promise<CheckoutResult> {
    const outcome = await this.#services.sessions.statusOf(attempt.paymentSessionId).catch((error: unknown) => {
      if (!isSessionGone(error)) throw error
      return { status: "none", data: {} } as const
    })
    return this.#settle(attempt, outcome)
  }

  /** The first transaction. */
  async #begin(cartId: string, shopper: Shopper | null): Promise<CheckoutResult | Attempt | typeof AGAIN> {
    const { carts, storefronts } = this.#services
    const keys = shopper === null ? [] : storefrontReads(shopper)
    let begun: CheckoutResult | Attempt | undefined
    try {
      await carts.change(
        cartId,
        async (cart, [rows = [], ...found]) => {
          if (shopper !== null) await settleStorefront(shopper, storefronts, found)
          const facts = rows[0] as unknown as CheckoutFacts
          const situation = ownSituation(cart, facts, shopper)
          if (facts.checkoutAttempt !== null) throw new CheckoutUnderWay(cartId)
          assertComplete(cart, situation)
          const session = payingSession(cart, facts.paymentCollection?.paymentSessions ?? [])
          if (session !== null && shopper === null) throw new PaymentMissing()
          begun = await this.#take(cart, situation, session)
        },
        [factReads.checkout(cartId), ...keys],
      )
    } catch (error) {
      if (error instanceof CheckoutUnderWay || isSessionGone(error)) return AGAIN
      if (error instanceof CartAlreadyCompleted) return this.#placed(cartId, shopper)
      throw error
    }
    return begun as CheckoutResult | Attempt
  }

  /** Takes what the order needs; then places it, or records that its payment is to be authorised. */
  async #take(cart: CartView, situation: Situation, session: SessionFacts | null): Promise<CheckoutResult | Attempt> {
    const { holdings, providers, db } = this.#services
    const orderId = newId("order")
    // None of these waits for another, and so they are sent together; what one of them refuses undoes the others.
    const taken = holdings.take(cart, situation, orderId)
    if (session !== null && !providers.isLocal(session.providerId)) {
      const attempt = { cartId: cart.id, id: newId("chk"), orderId, paymentSessionId: session.id }
      await allDone([taken, beginAttempt(db, attempt)])
      return attempt
    }
    const placed = this.#place(cart, situation.paymentCollection?.id, orderId)
    const [result] = await allDone([placed, taken, session === null ? undefined : this.#payLocally(session)])
    return result
  }

  /** Authorises with a provider that has nothing outside of the database. */
  async #payLocally({ id }: SessionFacts): Promise<void> {
    const { sessions } = this.#services
    await sessions.record(id, await sessions.authorize(id))
  }

  /** Asks the provider, outside of any transaction. */
  async #authorize(attempt: Attempt): Promise<CheckoutResult | typeof AGAIN> {
    const { sessions } = this.#services
    let outcome: AttemptOutcome
    try {
      outcome = await sessions.authorize(attempt.paymentSessionId, { idempotencyKey: attempt.id })
    } catch (error) {
      // Nobody was asked: the shopper has chosen to pay otherwise just before.
      if (!isSessionGone(error)) throw error
      await this.#giveUp(attempt)
      return AGAIN
    }
    return this.#settle(attempt, outcome)
  }

  /** The second transaction. */
  async #settle(attempt: Attempt, outcome: AttemptOutcome): Promise<CheckoutResult> {
    if (!isPaid(outcome)) return this.#refuse(attempt, outcome)
    const { carts, sessions } = this.#services
    let placed: CheckoutResult | undefined
    try {
      await carts.change(
        attempt.cartId,
        async (cart, [rows = []]) => {
          const { checkoutAttempt, paymentCollection } = rows[0] as unknown as CheckoutFacts
          if (await endAttempt(this.#services.db, attempt)) {
            await sessions.record(attempt.paymentSessionId, outcome)
            placed = await this.#place(cart, paymentCollection?.id, attempt.orderId)
          } else if (checkoutAttempt === null || checkoutAttempt.id === attempt.id) {
            // Somebody held this attempt for dead and gave everything back. So is the money, while the cart is held: a
            // later attempt that uses the same session would lose it.
            await this.#abandon(attempt)
          }
        },
        [factReads.checkout(attempt.cartId)],
      )
    } catch (error) {
      if (error instanceof CartAlreadyCompleted) return this.#placed(attempt.cartId, null)
      if (!(error instanceof NotFound)) throw error
      // The cart was deleted, or the session dropped, by something that does not know of checkouts.
      await this.#giveUp(attempt)
      await this.#abandon(attempt)
    }
    return placed ?? { kind: "refused", reason: "declined", message: "The payment took too long: try again" }
  }

  /** Gives back what was taken, and says why. */
  async #refuse(attempt: Attempt, outcome: AttemptOutcome): Promise<CheckoutResult> {
    if (!(await this.#giveUp(attempt, outcome))) {
      // Another was faster, and knew more.
      const order = await this.#services.query.find(orderResource, {
        fields: { id: true },
        filter: { id: attempt.orderId },
      })
      if (order !== null) return { kind: "order", orderId: order.id }
    }
    const isOpen = outcome.status === "requires_more" || outcome.status === "pending"
    const message =
      outcome.message ?? (isOpen ? "More information is required for payment" : "Payment was not authorized")
    return { kind: "refused", reason: isOpen ? "requires_more" : "declined", message }
  }

  /** Ends an attempt without an order. @returns whether it was this call that did. */
  async #giveUp(attempt: Attempt, outcome?: AttemptOutcome): Promise<boolean> {
    const { db, sessions, holdings } = this.#services
    return db.transaction(async () => {
      if (!(await endAttempt(db, attempt))) return false
      await holdings.giveBack(attempt.orderId)
      if (outcome !== undefined) await sessions.record(attempt.paymentSessionId, outcome).catch(unlessGone)
      return true
    })
  }

  /** Frees what may have been set aside for nothing. One that was recorded as paid stays: the next attempt uses it. */
  async #abandon({ paymentSessionId }: Attempt): Promise<void> {
    await this.#services.sessions.abandon(paymentSessionId).catch(unlessGone)
  }

  /** Writes the order, and closes the cart that is held. */
  async #place(cart: CartView, collectionId: string | undefined, orderId: string): Promise<CheckoutResult> {
    const { orders, links } = this.#services
    await allDone([
      orders.place(orderOf(cart, orderId)),
      links.add(orderPaymentCollection, collectionId === undefined ? [] : [[orderId, collectionId]]),
      links.add(
        orderPromotion,
        usesOf(cart).map(({ promotionId }) => [orderId, promotionId] as const),
      ),
    ])
    cart.completedAt = new Date().toISOString()
    return { kind: "order", orderId }
  }

  /** The order that a cart became. @throws {NotFound} when it is another customer's. */
  async #placed(cartId: string, shopper: Shopper | null): Promise<CheckoutResult> {
    const order = await this.#services.query.find(orderResource, {
      fields: { id: true, customerId: true, customer: { id: true, hasAccount: true } },
      filter: { cartId },
    })
    const owner = order?.customer as { id: string; hasAccount: boolean } | null | undefined
    if (order === null || (shopper !== null && owner?.hasAccount === true && owner.id !== shopper.customerId)) {
      throw new NotFound("Cart", cartId)
    }
    return { kind: "order", orderId: order.id }
  }
}

function unlessGone(error: unknown): void {
  if (!isSessionGone(error)) throw error
}
