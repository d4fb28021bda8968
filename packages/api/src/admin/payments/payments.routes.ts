import { OrderPaymentFlow } from "@marquetry/flows"
import { equals } from "@marquetry/http"
import { CapturePayment, RefundPayment } from "@marquetry/payment"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"

const payments = new AdminResource({
  resource: "payment",
  singular: "payment",
  plural: "payments",
  defaults: [
    "id, currency_code, amount, captured_at, payment_collection_id, payment_session_id, captures.id, captures.amount",
    "refunds.id, refunds.amount, refunds.note, refunds.payment_id",
    "refunds.refund_reason.label, refunds.refund_reason.code",
  ].join(", "),
  snapshot: "captured_amount, refunded_amount, canceled_at, updated_at, captures.created_by, refunds.created_by",
  list: {
    limit: 20,
    filters: { id: equals(), payment_session_id: equals(), ...dates },
    logic: true,
  },
})

const providers = new AdminResource({
  resource: "payment_provider",
  singular: "payment_provider",
  plural: "payment_providers",
  defaults: "id, is_enabled",
  list: { limit: 20, filters: { id: equals(), is_enabled: equals() }, logic: true },
})

const Capture = CapturePayment.pick({ amount: true })
const Refund = RefundPayment.omit({ createdBy: true, metadata: true })

const providerRoutes = adminRoutes("/admin/payments/payment-providers", providers, (verbs) => verbs.list())

const ownRoutes = adminRoutes("/admin/payments", payments, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.change(
    "/:id/capture",
    {
      summary: "Takes money that was authorised",
      description: "All that is left, unless an amount is given.",
      body: Capture,
      example: { amount: 10 },
      permissions: ["payment:capture"],
      action: "captured",
    },
    ({ resolve, identity, params, body }) =>
      resolve<OrderPaymentFlow>(OrderPaymentFlow).prepareCapture(params.id, body, identity.actorId),
    ({ resolve }, operationId) => resolve<OrderPaymentFlow>(OrderPaymentFlow).perform(operationId),
  )
  verbs.change(
    "/:id/refund",
    {
      summary: "Gives money back that was captured",
      description: "All that is left of it, unless an amount is given.",
      body: Refund,
      example: { amount: 10, refundReasonId: "refr_01", note: "Arrived late" },
      permissions: ["payment:refund"],
      action: "refunded",
    },
    ({ resolve, identity, params, body }) =>
      resolve<OrderPaymentFlow>(OrderPaymentFlow).prepareRefund(params.id, body, identity.actorId),
    ({ resolve }, operationId) => resolve<OrderPaymentFlow>(OrderPaymentFlow).perform(operationId),
  )
})

export const paymentRoutes = [...providerRoutes, ...ownRoutes]
