import type { CartView } from "@marquetry/cart"
import type { AvailabilityService } from "@marquetry/inventory"
import { InsufficientStock } from "./cart-flow.errors.ts"
import { locationIdsOf, type Situation } from "./situation.ts"

/**
 * Refuses a cart that holds more of a variant than there is, where its stock is managed and backorders are not taken. One
 * statement at most; nothing is reserved before the order is placed.
 *
 * @param variantIds those of which the cart holds more than before.
 * @throws {InsufficientStock}
 */
export async function checkStock(
  availability: AvailabilityService,
  cart: CartView,
  situation: Situation,
  variantIds: readonly string[],
): Promise<void> {
  const short = await shortVariants(availability, cart, situation, locationIdsOf(situation), variantIds)
  if (short.length > 0) throw new InsufficientStock(short)
}

/** Variants of which some locations have less than the cart holds. One statement at most. */
export async function shortVariants(
  availability: AvailabilityService,
  cart: CartView,
  situation: Situation,
  locationIds: readonly string[],
  variantIds: readonly string[] = [...situation.variants.keys()],
): Promise<{ variantId: string; asked: number; available: number }[]> {
  const managed = [...new Set(variantIds)].filter((id) => {
    const variant = situation.variants.get(id)
    return variant?.manageInventory === true && !variant.allowBackorder
  })
  if (managed.length === 0) return []
  const left = await availability.ofVariants(managed, locationIds)
  return left.flatMap(({ variantId, available }) => {
    const asked = quantityOf(cart, variantId)
    return asked > (available ?? 0) ? [{ variantId, asked, available: Math.max(available ?? 0, 0) }] : []
  })
}

const quantityOf = ({ items }: CartView, variantId: string): number =>
  items.reduce((total, item) => (item.variantId === variantId ? total + item.quantity : total), 0)
