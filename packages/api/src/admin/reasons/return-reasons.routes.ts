import { equals } from "@marquetry/http"
import { CreateReturnReason, ReturnReasonService, UpdateReturnReason } from "@marquetry/order"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"

const reasons = new AdminResource({
  resource: "return_reason",
  singular: "return_reason",
  plural: "return_reasons",
  defaults: [
    "id, value, label, parent_return_reason_id, description, metadata, created_at, updated_at, deleted_at",
    "*parent_return_reason, *return_reason_children",
  ].join(", "),
  list: {
    limit: 20,
    filters: {
      id: equals(),
      value: equals(),
      label: equals(),
      description: equals(),
      parent_return_reason_id: equals(),
      ...dates,
    },
    logic: true,
  },
})

export const returnReasonRoutes = adminRoutes("/admin/return-reasons", reasons, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create({ body: CreateReturnReason, example: { value: "size", label: "Wrong size" } }, ({ resolve, body }) =>
    resolve<ReturnReasonService>(ReturnReasonService).create(body),
  )
  verbs.update({ body: UpdateReturnReason, example: { label: "Does not fit" } }, ({ resolve, params, body }) =>
    resolve<ReturnReasonService>(ReturnReasonService).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<ReturnReasonService>(ReturnReasonService).delete(params.id))
})
