import { OrderLedger, OrderPaymentFlow } from "@marquetry/flows"
import { CreatePaymentCollection } from "@marquetry/payment"
import { z } from "zod"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"

const collections = new AdminResource({
  resource: "payment_collection",
  singular: "payment_collection",
  plural: "payment_collections",
  object: "payment-collection",
  defaults: [
    "id, currency_code, amount, status, completed_at, authorized_amount, captured_amount, refunded_amount",
    "metadata, created_at, updated_at, deleted_at, *payment_sessions, *payments",
  ].join(", "),
  snapshot: "order.id, payments.captures.id, payments.captures.amount, payments.captures.created_by",
  list: { limit: 20, filters: {} },
})

const id = z.string().min(1).max(200)
const { amount } = CreatePaymentCollection.shape

export const paymentCollectionRoutes = adminRoutes("/admin/payment-collections", collections, (verbs) => {
  verbs.create(
    {
      summary: "Asks for more money for an order",
      body: z.strictObject({ orderId: id, amount }),
      example: { orderId: "order_01", amount: 10 },
    },
    ({ resolve, body }) => resolve<OrderPaymentFlow>(OrderPaymentFlow).createCollection(body.orderId, body.amount),
  )
  verbs.remove(({ resolve, params }) => resolve<OrderPaymentFlow>(OrderPaymentFlow).deleteCollection(params.id))
  verbs.change(
    "/:id/mark-as-paid",
    {
      summary: "Says that a payment collection was paid by hand",
      body: z.strictObject({ orderId: id, providerId: id.optional() }),
      example: { orderId: "order_01" },
      permissions: ["payment:capture"],
      action: "marked_as_paid",
    },
    ({ resolve, identity, params, body }) =>
      resolve<OrderPaymentFlow>(OrderPaymentFlow).markAsPaid(params.id, body, identity.actorId),
    // The order is told once the payment is not held any more.
    ({ resolve, params }) => resolve<OrderLedger>(OrderLedger).settleOf(params.id),
  )
  verbs.change(
    "/:id/payment-sessions",
    {
      summary: "Begins to pay a payment collection with a provider",
      body: z.strictObject({ providerId: id, data: z.record(z.string(), z.unknown()).optional() }),
      example: { providerId: "pp_system_default" },
      action: "session_opened",
    },
    () => Promise.resolve(),
    ({ resolve, params, body }) => resolve<OrderPaymentFlow>(OrderPaymentFlow).createSession(params.id, body),
  )
})
