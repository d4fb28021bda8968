export { accountHolderResource } from "./account-holder/account-holder.resources.ts"
export { CreateAccountHolder, UpdateAccountHolder } from "./account-holder/account-holder.schema.ts"
export { AccountHolderService, type AccountHolderView } from "./account-holder/account-holder.service.ts"
export { CreatePaymentCollection, CreatePaymentCollections } from "./payment-collection/payment-collection.schema.ts"
export {
  PaymentCollectionService,
  type PaymentCollectionView,
} from "./payment-collection/payment-collection.service.ts"
export {
  AuthorizeSession,
  CreatePaymentSession,
  UpdatePaymentSession,
} from "./payment-session/payment-session.schema.ts"
export { PaymentSessionService, type PaymentSessionView } from "./payment-session/payment-session.service.ts"
export type { RecordedAuthorization, RecordedPayment } from "./payment-session/record-authorization.ts"
export { paymentModule, startPayment, type PaymentOptions, type PaymentServices } from "./payment.module.ts"
export {
  AlreadyAuthorized,
  AmountTooHigh,
  AuthorizationUnderWay,
  CaptureTooHigh,
  CaptureUnderWay,
  CollectionChanged,
  CollectionInUse,
  NotCancelable,
  PaymentIsCanceled,
  RefundTooHigh,
  SessionClosed,
} from "./payment/payment.errors.ts"
export {
  PaymentAuthorized,
  PaymentCanceled,
  PaymentCaptured,
  PaymentOperationRefused,
  PaymentRefunded,
} from "./payment/payment.events.ts"
export {
  captureResource,
  paymentCollectionResource,
  paymentResource,
  paymentSessionResource,
  refundReasonResource,
  refundResource,
} from "./payment/payment.resources.ts"
export { CapturePayment, RefundPayment } from "./payment/payment.schema.ts"
export { PaymentService, type PaymentView, type PreparedReversal } from "./payment/payment.service.ts"
export {
  collectionStatuses,
  sessionStatuses,
  type CollectionStatus,
  type OperationKind,
  type SessionStatus,
} from "./payment/payment.types.ts"
export { manualPayment } from "./provider/manual-payment.ts"
export type {
  AccountHolderInput,
  AccountHolderProvider,
  AttemptOutcome,
  Authorization,
  AuthorizationStatus,
  AuthorizeInput,
  InitiateInput,
  PaymentContext,
  PaymentData,
  PaymentInput,
  PaymentProvider,
  ProviderSession,
  SessionInput,
  UpdateInput,
  WebhookAction,
  WebhookRequest,
} from "./provider/payment-provider.ts"
export {
  NotOffered,
  PaymentDeclined,
  ProviderUnavailable,
  UnknownProvider,
  WebhookRejected,
} from "./provider/provider.errors.ts"
export { paymentProviderResource } from "./provider/provider.resources.ts"
export { PaymentProviderService, type PaymentProviderView } from "./provider/provider.service.ts"
export { PaymentRecoveryService, type Recovered } from "./recovery/recovery.service.ts"
export { PaymentWebhookService, type WebhookResult } from "./recovery/webhook.service.ts"
export { RefundReasonCodeTaken } from "./refund-reason/refund-reason.errors.ts"
export { CreateRefundReason, CreateRefundReasons, UpdateRefundReason } from "./refund-reason/refund-reason.schema.ts"
export { RefundReasonService, type RefundReasonView } from "./refund-reason/refund-reason.service.ts"
