import { equals } from "@marquetry/http"
import { CreateRefundReason, RefundReasonService, UpdateRefundReason } from "@marquetry/payment"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"

const reasons = new AdminResource({
  resource: "refund_reason",
  singular: "refund_reason",
  plural: "refund_reasons",
  defaults: "id, label, code, description, created_at, updated_at, deleted_at",
  snapshot: "metadata",
  list: { limit: 15, filters: { id: equals(), ...dates }, logic: true },
})

export const refundReasonRoutes = adminRoutes("/admin/refund-reasons", reasons, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create({ body: CreateRefundReason, example: { label: "Arrived late", code: "late" } }, ({ resolve, body }) =>
    resolve<RefundReasonService>(RefundReasonService).create(body),
  )
  verbs.update({ body: UpdateRefundReason, example: { label: "Arrived too late" } }, ({ resolve, params, body }) =>
    resolve<RefundReasonService>(RefundReasonService).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<RefundReasonService>(RefundReasonService).delete(params.id))
})
