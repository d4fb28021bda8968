import type { CartView } from "@marquetry/cart"
import type { ReservationService } from "@marquetry/inventory"
import { NotFound } from "@marquetry/kernel"
import { sum } from "@marquetry/money"
import type { PromotionService } from "@marquetry/promotion"
import { InsufficientStock } from "../cart/cart-flow.errors.ts"
import { locationIdsOf, type Situation } from "../cart/situation.ts"
import { PromotionGone } from "./checkout.errors.ts"
import { orderLineIdOf } from "./order-of-cart.ts"

/** What an order takes from what others could have, from the moment in which it is placed: stock, and uses of promotions. */
export class Holdings {
  readonly #reservations: ReservationService
  readonly #promotions: PromotionService

  constructor(reservations: ReservationService, promotions: PromotionService) {
    this.#reservations = reservations
    this.#promotions = promotions
  }

  /**
   * Takes all of it or nothing, in the transaction under way.
   *
   * @throws {InsufficientInventory} {@link VariantWithoutItems} {@link PromotionLimitReached} {@link PromotionGone}
   */
  async take(cart: CartView, situation: Situation, orderId: string): Promise<void> {
    await this.#reserve(cart, situation, orderId)
    const uses = usesOf(cart)
    if (uses.length === 0) return
    const { customerId, email } = cart
    await this.#promotions
      .registerUsage({ key: orderId, promotions: uses, customerId, email })
      .catch((error: unknown) => {
        throw error instanceof NotFound ? new PromotionGone(error.details.id) : error
      })
  }

  /** Gives everything back, once however often it is asked for. */
  async giveBack(orderId: string): Promise<void> {
    await this.#reservations.release({ externalId: orderId })
    await this.#promotions.revertUsage(orderId)
  }

  async #reserve(cart: CartView, situation: Situation, orderId: string): Promise<void> {
    const lines = cart.items.flatMap((item) => {
      const variant = situation.variants.get(item.variantId ?? "")
      if (variant?.manageInventory !== true) return []
      const { id: variantId, allowBackorder } = variant
      return [{ lineItemId: orderLineIdOf(item.id), variantId, quantity: item.quantity, allowBackorder }]
    })
    if (lines.length === 0) return
    const locationIds = locationIdsOf(situation)
    if (locationIds.length === 0) {
      throw new InsufficientStock(
        lines.map(({ variantId, quantity }) => ({ variantId, asked: quantity, available: 0 })),
      )
    }
    await this.#reservations.reserve({ lines, locationIds, externalId: orderId })
  }
}

interface Adjustment {
  readonly promotionId: string | null
  readonly amount: string
}

/** What each promotion takes off a cart. */
export function usesOf({ items, shippingMethods, currencyCode }: CartView) {
  const lines: readonly { adjustments: readonly Adjustment[] }[] = [...items, ...shippingMethods]
  const adjustments = lines.flatMap((line) => line.adjustments)
  const byPromotion = Map.groupBy(adjustments, ({ promotionId }) => promotionId)
  return [...byPromotion].flatMap(([promotionId, parts]) => {
    if (promotionId === null) return []
    return [{ promotionId, amount: sum(parts.map(({ amount }) => amount)).toString(), currencyCode }]
  })
}
