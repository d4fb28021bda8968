import type { CartView } from "@marquetry/cart"
import { NotFound } from "@marquetry/kernel"
import type { Shopper } from "../shopper.ts"
import type { CartFacts } from "./cart-facts.ts"
import { NoRegion } from "./cart-flow.errors.ts"
import { situationOf, type Situation } from "./situation.ts"

/**
 * A cart in its situation, for whoever it belongs to.
 *
 * @param shopper `null` for the shop itself.
 * @throws {NotFound} when it belongs to the account of another.
 * @throws {NoRegion} when its region was deleted.
 */
export function ownSituation(cart: CartView, facts: CartFacts, shopper: Shopper | null): Situation {
  const isForeign = facts.customer?.hasAccount === true && facts.customer.id !== shopper?.customerId
  if (isForeign && shopper !== null) throw new NotFound("Cart", cart.id)
  const situation = situationOf(facts)
  if (situation === null) throw new NoRegion()
  return situation
}
