import type { CartView } from "@marquetry/cart"
import { allDone, type Links } from "@marquetry/kernel"
import type { PriceCalculator } from "@marquetry/pricing"
import type { PromotionService } from "@marquetry/promotion"
import type { TaxCalculator } from "@marquetry/tax"
import { cartPromotion } from "../links.ts"
import { applyPromotions, readPromotions } from "./cart-promotions.ts"
import type { CartShipping } from "./cart-shipping.ts"
import { applyTaxes, readTaxes } from "./cart-taxes.ts"
import { priceLines } from "./line-prices.ts"
import type { Situation } from "./situation.ts"
import type { TaxAnswers } from "./tax-answers.ts"

export interface PricingOptions {
  /** Codes that the shopper names just now. */
  readonly givenCodes?: readonly string[]
  /** Whether taxes are computed in regions that do not do so by themselves. */
  readonly alwaysTax?: boolean
  /** What is found out beside the prices, and may refuse the change. */
  readonly check?: Promise<void>
}

/** Computes a cart anew after any change: prices, shipping, taxes and discounts, in one pass. */
export class CartPricing {
  readonly #calculator: PriceCalculator
  readonly #shipping: CartShipping
  readonly #taxes: TaxCalculator
  readonly #promotions: PromotionService
  readonly #links: Links

  constructor(
    calculator: PriceCalculator,
    shipping: CartShipping,
    taxes: TaxCalculator,
    promotions: PromotionService,
    links: Links,
  ) {
    this.#calculator = calculator
    this.#shipping = shipping
    this.#taxes = taxes
    this.#promotions = promotions
    this.#links = links
  }

  /**
   * Writes prices, shipping, taxes and discounts over a cart that is held. Totals follow when it is saved.
   *
   * @param answers of tax providers outside: see `withTaxes`.
   * @throws {PriceMissing} {@link UnknownPromotionCode} {@link AskTaxesFirst}
   */
  async settle(
    cart: CartView,
    situation: Situation,
    { givenCodes, alwaysTax = false, check }: PricingOptions,
    answers: TaxAnswers,
  ): Promise<void> {
    // None waits for another, and so they are sent together.
    const [read, candidates] = await allDone([
      readTaxes(this.#taxes, cart, situation, alwaysTax),
      readPromotions(this.#promotions, cart, givenCodes),
      priceLines(this.#calculator, cart, situation),
      check,
    ])
    await this.#shipping.refresh(cart, situation)
    // Before discounts: a fixed discount with tax depends on the rate.
    await applyTaxes(this.#taxes, cart, situation, { read, answers })
    const { promotionIds } = applyPromotions(cart, situation, candidates)
    await this.#relink(cart.id, situation.promotionIds, promotionIds)
  }

  /** Promotions that give the cart something now are linked to it. */
  async #relink(cartId: string, before: readonly string[], now: readonly string[]): Promise<void> {
    const pairs = (ids: readonly string[]) => ids.map((id) => [cartId, id] as const)
    await this.#links.remove(cartPromotion, pairs(before.filter((id) => !now.includes(id))))
    await this.#links.add(cartPromotion, pairs(now.filter((id) => !before.includes(id))))
  }
}
