import { CustomerService } from "@marquetry/customer"
import { FulfillmentProviders, FulfillmentService, ShippingOptionService } from "@marquetry/fulfillment"
import { ReservationService } from "@marquetry/inventory"
import { Database, Links, Query, type DependencyContainer, type InjectionToken } from "@marquetry/kernel"
import { NotificationService } from "@marquetry/notification"
import { OrderService, OrderTransferService } from "@marquetry/order"
import {
  PaymentCollectionService,
  PaymentProviderService,
  PaymentService,
  PaymentSessionService,
} from "@marquetry/payment"
import { PriceCalculator } from "@marquetry/pricing"
import { PromotionService } from "@marquetry/promotion"
import { FulfillmentFlow } from "./fulfillment-flow.ts"
import { FulfillmentRecovery } from "./fulfillment-recovery.ts"
import { OrderFlow } from "./order-flow.ts"
import { OrderLedger } from "./order-ledger.ts"
import { OrderPaymentFlow } from "./order-payment-flow.ts"
import { OrderShipping } from "./order-shipping.ts"
import { OrderTransferFlow } from "./order-transfer-flow.ts"

/** Registers what becomes of orders. */
export function registerOrders(
  provide: <T>(token: InjectionToken<T>, make: (c: DependencyContainer) => T) => void,
): void {
  provide(FulfillmentFlow, (c) => {
    return new FulfillmentFlow({
      db: c.resolve(Database),
      query: c.resolve(Query),
      links: c.resolve(Links),
      orders: c.resolve(OrderService),
      reservations: c.resolve(ReservationService),
      fulfillments: c.resolve(FulfillmentService),
      providers: c.resolve(FulfillmentProviders),
    })
  })
  provide(FulfillmentRecovery, (c) => {
    return new FulfillmentRecovery(c.resolve(FulfillmentService), c.resolve(FulfillmentFlow))
  })
  provide(OrderLedger, (c) => new OrderLedger(c.resolve(Query), c.resolve(OrderService)))
  provide(OrderPaymentFlow, (c) => {
    return new OrderPaymentFlow({
      db: c.resolve(Database),
      query: c.resolve(Query),
      links: c.resolve(Links),
      orders: c.resolve(OrderService),
      collections: c.resolve(PaymentCollectionService),
      sessions: c.resolve(PaymentSessionService),
      payments: c.resolve(PaymentService),
      providers: c.resolve(PaymentProviderService),
      ledger: c.resolve(OrderLedger),
    })
  })
  provide(OrderFlow, (c) => {
    return new OrderFlow({
      db: c.resolve(Database),
      query: c.resolve(Query),
      orders: c.resolve(OrderService),
      reservations: c.resolve(ReservationService),
      promotions: c.resolve(PromotionService),
      sessions: c.resolve(PaymentSessionService),
      payments: c.resolve(PaymentService),
      providers: c.resolve(PaymentProviderService),
      ledger: c.resolve(OrderLedger),
    })
  })
  provide(OrderShipping, (c) => {
    const [options, calculator] = [c.resolve(ShippingOptionService), c.resolve(PriceCalculator)]
    return new OrderShipping(c.resolve(Query), options, calculator, c.resolve(Links))
  })
  provide(OrderTransferFlow, (c) => {
    const [customers, transfers] = [c.resolve(CustomerService), c.resolve(OrderTransferService)]
    const notifications = c.resolve(NotificationService)
    return new OrderTransferFlow(c.resolve(Database), c.resolve(Query), customers, transfers, notifications)
  })
}
