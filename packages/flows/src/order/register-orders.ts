import { FulfillmentProviders, FulfillmentService } from "@marquetry/fulfillment"
import { ReservationService } from "@marquetry/inventory"
import { Database, Links, Query, type DependencyContainer, type InjectionToken } from "@marquetry/kernel"
import { NotificationService } from "@marquetry/notification"
import { OrderService, OrderTransferService } from "@marquetry/order"
import { FulfillmentFlow } from "./fulfillment-flow.ts"
import { FulfillmentRecovery } from "./fulfillment-recovery.ts"
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
  provide(OrderTransferFlow, (c) => {
    return new OrderTransferFlow(c.resolve(Query), c.resolve(OrderTransferService), c.resolve(NotificationService))
  })
}
