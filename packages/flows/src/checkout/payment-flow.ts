import { CartAlreadyCompleted } from "@marquetry/cart"
import { constraintOf, NotFound, type Database, type Links, type Query } from "@marquetry/kernel"
import type { PaymentCollectionService, PaymentSessionService } from "@marquetry/payment"
import type { CartChanges } from "../cart/cart-changes.ts"
import { cartPaymentCollection } from "../links.ts"
import { settleStorefront, storefrontReads, type Shopper } from "../shopper.ts"
import type { Storefronts } from "../storefronts.ts"
import { CheckoutUnderWay, ProviderNotOffered } from "./checkout.errors.ts"

export interface PaymentFlowServices {
  readonly db: Database
  readonly query: Query
  readonly links: Links
  readonly collections: PaymentCollectionService
  readonly sessions: PaymentSessionService
  readonly storefronts: Storefronts
  readonly changes: CartChanges
}

interface CollectionFacts {
  readonly id: string
  readonly cart: {
    readonly id: string
    readonly email: string | null
    readonly completedAt: string | null
    readonly checkoutAttempt: { readonly id: string } | null
    readonly customer: { readonly id: string; readonly hasAccount: boolean; readonly email: string | null } | null
    readonly region: {
      readonly id: string
      readonly paymentProviders: readonly { readonly id: string; readonly isEnabled: boolean }[]
    } | null
  } | null
}

const fields = {
  id: true,
  cart: {
    id: true,
    email: true,
    completedAt: true,
    checkoutAttempt: { id: true },
    customer: { id: true, hasAccount: true, email: true, firstName: true, lastName: true, phone: true },
    region: { id: true, paymentProviders: { id: true, isEnabled: true } },
  },
} as const

/** How shoppers say what they pay with. */
export class PaymentFlow {
  readonly #services: PaymentFlowServices

  constructor(services: PaymentFlowServices) {
    this.#services = services
  }

  /**
   * The payment collection of a cart, over its total: made when it is first asked for, one for all who ask.
   *
   * @returns its id.
   * @throws {NotFound} {@link CartAlreadyCompleted}
   */
  async collectionOf(cartId: string, shopper: Shopper): Promise<string> {
    const { db, links, collections, changes } = this.#services
    const { cart, situation } = await changes.look(cartId, shopper)
    if (situation.paymentCollection !== null) return situation.paymentCollection.id
    if (cart.completedAt !== null) throw new CartAlreadyCompleted(cartId)
    try {
      return await db.transaction(async () => {
        // The cart is held, so that its total does not change before the collection is linked to it.
        const [held] = await db.sql<{ total: string; currency_code: string; completed: boolean }>(
          `select total::text, currency_code, completed_at is not null as completed from "cart"."cart"
           where id = $1 and deleted_at is null for no key update`,
          [cartId],
        )
        if (held === undefined) throw new NotFound("Cart", cartId)
        if (held.completed) throw new CartAlreadyCompleted(cartId)
        const [id] = await collections.createMany([{ amount: held.total, currencyCode: held.currency_code }])
        await links.add(cartPaymentCollection, [[cartId, id as string]])
        return id as string
      })
    } catch (error) {
      // Another asked at the same moment: theirs is there now.
      if (constraintOf(error) !== "cart_payment_collection_single") throw error
      const { situation: now } = await changes.look(cartId, shopper)
      return now.paymentCollection?.id as string
    }
  }

  /**
   * Chooses a provider for a collection, in place of the one chosen before.
   *
   * @throws {NotFound} {@link ProviderNotOffered} {@link CartAlreadyCompleted} {@link CheckoutUnderWay}
   *   {@link AuthorizationUnderWay} {@link PaymentDeclined} {@link ProviderUnavailable}
   */
  async choose(
    collectionId: string,
    { providerId, data }: { readonly providerId: string; readonly data?: Record<string, unknown> | undefined },
    shopper: Shopper,
  ): Promise<void> {
    const { query, sessions, storefronts } = this.#services
    const read = { resource: "payment_collection", read: { fields, filter: { id: collectionId }, limit: 1 } }
    const [rows = [], ...found] = await query.listTogether([read, ...storefrontReads(shopper)])
    await settleStorefront(shopper, storefronts, found)
    const cart = (rows[0] as unknown as CollectionFacts | undefined)?.cart
    const isForeign = cart?.customer?.hasAccount === true && cart.customer.id !== shopper.customerId
    if (cart === undefined || cart === null || isForeign) throw new NotFound("Payment collection", collectionId)
    if (cart.completedAt !== null) throw new CartAlreadyCompleted(cart.id)
    if (cart.checkoutAttempt !== null) throw new CheckoutUnderWay(cart.id)
    const isOffered = cart.region?.paymentProviders.some(({ id, isEnabled }) => id === providerId && isEnabled) ?? false
    if (!isOffered) throw new ProviderNotOffered(providerId)
    const { email } = cart
    // The session shows its context to the buyer, who has not proved to be the guest of that e-mail address.
    const customer = cart.customer?.hasAccount === true ? cart.customer : null
    await sessions.create(collectionId, { providerId, data: data ?? {}, context: { email, customer } })
  }
}
