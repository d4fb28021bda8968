import { defineModule, start, type Started, type StartOptions } from "@marquetry/kernel"
import {
  Cart,
  CartAddress,
  CartCreditLine,
  CartLineAdjustment,
  CartLineItem,
  CartLineTaxLine,
  CartShippingAdjustment,
  CartShippingMethod,
  CartShippingTaxLine,
} from "./cart/cart.entity.ts"
import * as resources from "./cart/cart.resources.ts"
import { CartService } from "./cart/cart.service.ts"
import { CreateCarts } from "./migrations/20261122203802_create-carts.ts"

export const cartModule = defineModule({
  name: "cart",
  entities: [
    Cart,
    CartAddress,
    CartCreditLine,
    CartLineItem,
    CartLineAdjustment,
    CartLineTaxLine,
    CartShippingMethod,
    CartShippingAdjustment,
    CartShippingTaxLine,
  ],
  migrations: [CreateCarts],
  resources: Object.values(resources),
  services: [CartService],
})

/** Runs carts alone, on your database or an embedded one. */
export function startCart(options: StartOptions = {}): Promise<Started<{ carts: CartService }>> {
  return start(cartModule, options, (container) => ({ carts: container.resolve(CartService) }))
}
