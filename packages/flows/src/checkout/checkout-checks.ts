import type { CartView } from "@marquetry/cart"
import { profileIdsOf } from "../cart/cart-shipping.ts"
import { VariantsNotOffered } from "../cart/cart-flow.errors.ts"
import type { Situation } from "../cart/situation.ts"
import { AddressMissing, CartEmpty, EmailMissing, ShippingMissing } from "./checkout.errors.ts"

/**
 * Refuses a cart that cannot become an order.
 *
 * @throws {CartEmpty} {@link EmailMissing} {@link AddressMissing} {@link ShippingMissing}
 * @throws {VariantsNotOffered} when one was deleted meanwhile: nobody could send it.
 */
export function assertComplete(cart: CartView, situation: Situation): void {
  if (cart.items.length === 0) throw new CartEmpty()
  if (cart.email === null) throw new EmailMissing()
  const gone = cart.items.flatMap(({ variantId: id }) => (id === null || situation.variants.has(id) ? [] : [id]))
  if (gone.length > 0) throw new VariantsNotOffered([...new Set(gone)])
  if (!cart.items.some(({ requiresShipping }) => requiresShipping)) return
  if (!cart.shippingAddress?.countryCode) throw new AddressMissing()
  const chosen = new Set(
    cart.shippingMethods.map(({ shippingOptionId: id }) => situation.shippingOptions.get(id ?? "")?.shippingProfileId),
  )
  const missing = profileIdsOf(cart, situation).filter((id) => !chosen.has(id))
  if (missing.length > 0 || cart.shippingMethods.length === 0) throw new ShippingMissing(missing)
}
