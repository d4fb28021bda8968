import { Query, subscribe, type DependencyContainer, type Subscriber } from "@marquetry/kernel"
import { PaymentAuthorized } from "@marquetry/payment"
import { CheckoutFlow } from "./checkout-flow.ts"

/**
 * Completes carts whose payment was heard of by other ways than the checkout: by a webhook, or in the payments' recovery.
 * Without it such a cart would wait, paid for, until its shopper comes back. One that cannot be completed (its stock ran
 * out, its total is another now) is tried again, and rests among the dead letters in the end: somebody has to look at it.
 */
export const completePaidCarts = (container: DependencyContainer): Subscriber =>
  subscribe(PaymentAuthorized, "checkout.complete_paid_cart", async ({ payload }) => {
    const { rows } = await container.resolve(Query).listAny("payment_collection", {
      fields: { cart: { id: true, completedAt: true } },
      filter: { id: payload.paymentCollectionId },
      limit: 1,
      count: false,
    })
    const cart = rows[0]?.["cart"] as { id: string; completedAt: string | null } | null | undefined
    if (cart === null || cart === undefined || cart.completedAt !== null) return
    await container.resolve(CheckoutFlow).complete(cart.id, null)
  })
