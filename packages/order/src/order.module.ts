import { defineModule, start, type Started, type StartOptions } from "@marquetry/kernel"
import { OrderChange, OrderChangeAction } from "./change/order-change.entity.ts"
import * as changeResources from "./change/order-change.resources.ts"
import { CreateOrderTables } from "./migrations/20261122203802_create-orders.ts"
import { CreateOrderChanges } from "./migrations/20261122203803_create-order-changes.ts"
import { AddCarryOverPromotions } from "./migrations/20261126181000_add-carry-over-promotions.ts"
import { ShowCanceledOrders } from "./migrations/20261126181001_show-canceled-orders.ts"
import { ListOrders } from "./migrations/20261126190000_list-orders.ts"
import { SettleCanceledOrders } from "./migrations/20261126231500_settle-canceled-orders.ts"
import {
  Order,
  OrderAddress,
  OrderCreditLine,
  OrderLineAdjustment,
  OrderLineDetail,
  OrderLineItem,
  OrderLineTaxLine,
  OrderShippingAdjustment,
  OrderShippingMethod,
  OrderShippingTaxLine,
} from "./order/order.entity.ts"
import * as orderResources from "./order/order.resources.ts"
import { OrderService } from "./order/order.service.ts"
import { ReturnReason } from "./return-reason/return-reason.entity.ts"
import { returnReasonResource } from "./return-reason/return-reason.resources.ts"
import { ReturnReasonService } from "./return-reason/return-reason.service.ts"
import { OrderTransaction } from "./transaction/order-transaction.entity.ts"
import { orderTransactionResource } from "./transaction/order-transaction.resources.ts"
import { OrderTransferService } from "./transfer/transfer.service.ts"

export const orderModule = defineModule({
  name: "order",
  entities: [
    Order,
    OrderAddress,
    OrderCreditLine,
    OrderLineItem,
    OrderLineDetail,
    OrderLineAdjustment,
    OrderLineTaxLine,
    OrderShippingMethod,
    OrderShippingAdjustment,
    OrderShippingTaxLine,
    OrderTransaction,
    OrderChange,
    OrderChangeAction,
    ReturnReason,
  ],
  migrations: [
    CreateOrderTables,
    CreateOrderChanges,
    AddCarryOverPromotions,
    ShowCanceledOrders,
    ListOrders,
    SettleCanceledOrders,
  ],
  resources: [
    ...Object.values(orderResources),
    ...Object.values(changeResources),
    orderTransactionResource,
    returnReasonResource,
  ],
  services: [OrderService, OrderTransferService, ReturnReasonService],
})

/** The services of the module. */
export interface OrderServices {
  readonly orders: OrderService
  readonly transfers: OrderTransferService
  readonly returnReasons: ReturnReasonService
}

/** Runs orders alone, on your database or an embedded one. */
export function startOrder(options: StartOptions = {}): Promise<Started<OrderServices>> {
  return start(orderModule, options, (container) => ({
    orders: container.resolve(OrderService),
    transfers: container.resolve(OrderTransferService),
    returnReasons: container.resolve(ReturnReasonService),
  }))
}
