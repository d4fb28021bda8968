import type { CreatePaymentCollection } from "./payment-collection/payment-collection.schema.ts"
import type { CreatePaymentSession } from "./payment-session/payment-session.schema.ts"
import type { CreateRefundReason } from "./refund-reason/refund-reason.schema.ts"

export {
  startFakePaymentServer,
  type FakeHold,
  type FakePaymentServer,
  type FakeWebhook,
} from "./testing/fake-payment-server.ts"
export type { FakeBehavior, FakeRequest, FakeSession } from "./testing/fake-payments.ts"
export { httpPayment } from "./testing/http-payment.ts"

/** 100 euros to be paid. */
export const aPaymentCollection = (overrides: Partial<CreatePaymentCollection> = {}): CreatePaymentCollection => ({
  currencyCode: "eur",
  amount: 100,
  ...overrides,
})

/** A session with the provider that every shop has. */
export const aPaymentSession = (overrides: Partial<CreatePaymentSession> = {}): CreatePaymentSession => ({
  providerId: "pp_system_default",
  ...overrides,
})

let made = 0

/** A refund reason with a code that no other has. */
export const aRefundReason = (overrides: Partial<CreateRefundReason> = {}): CreateRefundReason => ({
  label: "Damaged",
  code: `damaged-${++made}`,
  ...overrides,
})
