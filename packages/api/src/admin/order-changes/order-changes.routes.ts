import { equals } from "@marquetry/http"
import { OrderService, UpdateOrderChange } from "@marquetry/order"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"

/** What was wanted of an order, and what came of it. */
export const orderChanges = new AdminResource({
  resource: "order_change",
  singular: "order_change",
  plural: "order_changes",
  permission: "order",
  defaults: [
    "id, order_id, version, change_type, description, status, internal_note, carry_over_promotions",
    "created_by, requested_by, requested_at, confirmed_by, confirmed_at, declined_by, declined_reason, declined_at",
    "canceled_by, canceled_at, metadata, created_at, updated_at, *actions",
  ].join(", "),
  list: {
    limit: 1_000,
    filters: { order_id: equals(), id: equals(), status: equals(), change_type: equals(), ...dates },
    logic: true,
  },
})

export const orderChangeRoutes = adminRoutes("/admin/order-changes", orderChanges, (verbs) => {
  verbs.update(
    { body: UpdateOrderChange, example: { internalNote: "Asked on the phone", carryOverPromotions: true } },
    ({ resolve, params, body }) => resolve<OrderService>(OrderService).updateChange(params.id, body),
  )
})
