export type { OrderStatus } from "./order/order.entity.ts"
export { orderModule, startOrder, type OrderServices } from "./order.module.ts"
export { orderChangeActionResource, orderChangeResource } from "./change/order-change.resources.ts"
export {
  CreditTooHigh,
  OrderCountryFixed,
  OrderExists,
  OrderFulfilled,
  OrderTotalTooLarge,
  QuantityNotAvailable,
  TransactionCurrencyMismatch,
  WrongOrderStatus,
} from "./order/order.errors.ts"
export {
  OrderArchived,
  OrderCanceled,
  OrderCompleted,
  OrderDeliveryRegistered,
  OrderFulfillmentCanceled,
  OrderFulfillmentRegistered,
  OrderPlaced,
  OrderShipmentRegistered,
  OrderTransactionAdded,
  OrderUpdated,
} from "./order/order.events.ts"
export {
  orderAddressResource,
  orderCreditLineResource,
  orderLineAdjustmentResource,
  orderLineDetailResource,
  orderLineItemResource,
  orderLineTaxLineResource,
  orderResource,
  orderShippingAdjustmentResource,
  orderShippingMethodResource,
  orderShippingTaxLineResource,
} from "./order/order.resources.ts"
export {
  CreateOrder,
  NewOrderCreditLine,
  NewOrderLineItem,
  NewOrderShippingMethod,
  NewOrderTransaction,
  OrderAddressInput,
  OrderAdjustmentInput,
  OrderQuantities,
  OrderTaxLineInput,
  UpdateOrder,
  UpdateOrderAddress,
  UpdateOrderChange,
} from "./order/order.schema.ts"
export { OrderService, type HeldOrder, type MovedPieces } from "./order/order.service.ts"
export type { OrderChangeView, OrderView } from "./order/order.view.ts"
export { ReturnReasonTaken } from "./return-reason/return-reason.errors.ts"
export { ReturnReasonCreated, ReturnReasonDeleted, ReturnReasonUpdated } from "./return-reason/return-reason.events.ts"
export { returnReasonResource } from "./return-reason/return-reason.resources.ts"
export { CreateReturnReason, UpdateReturnReason } from "./return-reason/return-reason.schema.ts"
export { ReturnReasonService, type ReturnReasonView } from "./return-reason/return-reason.service.ts"
export { orderTransactionResource } from "./transaction/order-transaction.resources.ts"
export { NoTransferRequested, OrderAlreadyOwned, TransferTokenInvalid } from "./transfer/transfer.errors.ts"
export {
  OrderTransferCanceled,
  OrderTransferDeclined,
  OrderTransferred,
  OrderTransferRequested,
} from "./transfer/transfer.events.ts"
export { CancelTransfer, GiveOrder, RequestTransfer } from "./transfer/transfer.schema.ts"
export { OrderTransferService } from "./transfer/transfer.service.ts"
