import { ApiKeyService } from "@marquetry/api-key"
import { CartService } from "@marquetry/cart"
import { CustomerAddressService, CustomerService } from "@marquetry/customer"
import { FulfillmentProviders, ShippingOptionService } from "@marquetry/fulfillment"
import { AvailabilityService, ReservationService } from "@marquetry/inventory"
import {
  Database,
  instanceCachingFactory,
  Links,
  Query,
  type DependencyContainer,
  type InjectionToken,
} from "@marquetry/kernel"
import { OrderService } from "@marquetry/order"
import { PaymentCollectionService, PaymentProviderService, PaymentSessionService } from "@marquetry/payment"
import { PriceCalculator } from "@marquetry/pricing"
import { PromotionService } from "@marquetry/promotion"
import { TaxCalculator } from "@marquetry/tax"
import { BuyerRegion } from "./buyer-region.ts"
import { CartChanges, type CartFlowServices } from "./cart/cart-changes.ts"
import { CartFlow } from "./cart/cart-flow.ts"
import { CartPricing } from "./cart/cart-pricing.ts"
import { CartShipping } from "./cart/cart-shipping.ts"
import { registerCatalogue } from "./catalogue/register-catalogue.ts"
import { CheckoutFlow } from "./checkout/checkout-flow.ts"
import { CheckoutRecovery } from "./checkout/checkout-recovery.ts"
import { Holdings } from "./checkout/holdings.ts"
import { PaymentFlow } from "./checkout/payment-flow.ts"
import { registerOrders } from "./order/register-orders.ts"
import { registerSetup } from "./setup/register-setup.ts"
import { Storefronts } from "./storefronts.ts"

/**
 * Registers the flows; a config's modules must have been registered before. What a flow needs is looked up when the flow
 * is: a shop that only shows its catalogue has no carts.
 */
export function registerFlows(container: DependencyContainer): void {
  const provide = <T>(token: InjectionToken<T>, make: (c: DependencyContainer) => T) =>
    container.register(token, { useFactory: instanceCachingFactory(make) })
  provide(BuyerRegion, (c) => new BuyerRegion(c.resolve(Query)))
  provide(Storefronts, (c) => new Storefronts(c.resolve(ApiKeyService)))
  registerCatalogue(provide)
  registerCarts(provide)
  registerCheckout(provide)
  registerOrders(provide)
  registerSetup(provide)
}

type Provide = <T>(token: InjectionToken<T>, make: (c: DependencyContainer) => T) => void

function registerCarts(provide: Provide): void {
  provide(CartShipping, (c) => {
    const [options, providers] = [c.resolve(ShippingOptionService), c.resolve(FulfillmentProviders)]
    return new CartShipping(
      options,
      providers,
      c.resolve(PriceCalculator),
      c.resolve(Links),
      c.resolve(AvailabilityService),
    )
  })
  provide(CartPricing, (c) => {
    const [calculator, shipping] = [c.resolve(PriceCalculator), c.resolve(CartShipping)]
    return new CartPricing(
      calculator,
      shipping,
      c.resolve(TaxCalculator),
      c.resolve(PromotionService),
      c.resolve(Links),
    )
  })
  provide(CartChanges, (c) => new CartChanges(cartServices(c)))
  provide(CartFlow, (c) => new CartFlow(cartServices(c), c.resolve(CartChanges)))
}

const cartServices = (c: DependencyContainer): CartFlowServices => ({
  query: c.resolve(Query),
  carts: c.resolve(CartService),
  customers: c.resolve(CustomerService),
  addresses: c.resolve(CustomerAddressService),
  storefronts: c.resolve(Storefronts),
  availability: c.resolve(AvailabilityService),
  taxes: c.resolve(TaxCalculator),
  collections: c.resolve(PaymentCollectionService),
  pricing: c.resolve(CartPricing),
  shipping: c.resolve(CartShipping),
})

function registerCheckout(provide: Provide): void {
  provide(Holdings, (c) => new Holdings(c.resolve(ReservationService), c.resolve(PromotionService)))
  provide(PaymentFlow, (c) => {
    return new PaymentFlow({
      db: c.resolve(Database),
      query: c.resolve(Query),
      links: c.resolve(Links),
      collections: c.resolve(PaymentCollectionService),
      sessions: c.resolve(PaymentSessionService),
      storefronts: c.resolve(Storefronts),
      changes: c.resolve(CartChanges),
    })
  })
  provide(CheckoutFlow, (c) => {
    return new CheckoutFlow({
      db: c.resolve(Database),
      query: c.resolve(Query),
      links: c.resolve(Links),
      carts: c.resolve(CartService),
      orders: c.resolve(OrderService),
      sessions: c.resolve(PaymentSessionService),
      providers: c.resolve(PaymentProviderService),
      storefronts: c.resolve(Storefronts),
      holdings: c.resolve(Holdings),
    })
  })
  provide(CheckoutRecovery, (c) => new CheckoutRecovery(c.resolve(Database), c.resolve(CheckoutFlow)))
}
