import { FulfillmentProviders, FulfillmentService } from "@marquetry/fulfillment"
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
import { FulfillmentFlow } from "./fulfillment-flow.ts"
import { FulfillmentRecovery } from "./fulfillment-recovery.ts"
import { OrderLedger } from "./order-ledger.ts"
import { OrderPaymentFlow } from "./order-payment-flow.ts"
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
  provide(OrderTransferFlow, (c) => {
    return new OrderTransferFlow(c.resolve(Query), c.resolve(OrderTransferService), c.resolve(NotificationService))
  })
}
