import { CreateShippingOptionType, ShippingOptionTypeService, UpdateShippingOptionType } from "@marquetry/fulfillment"
import { equals } from "@marquetry/http"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"

const types = new AdminResource({
  resource: "shipping_option_type",
  singular: "shipping_option_type",
  plural: "shipping_option_types",
  defaults: "id, label, code, description, created_at, updated_at, deleted_at",
  list: {
    limit: 10,
    filters: { id: equals(), label: equals(), code: equals(), description: equals(), ...dates },
    logic: true,
  },
})

export const shippingOptionTypeRoutes = adminRoutes("/admin/shipping-option-types", types, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create(
    { body: CreateShippingOptionType, example: { label: "Express", code: "express", description: "By tomorrow" } },
    ({ resolve, body }) => resolve<ShippingOptionTypeService>(ShippingOptionTypeService).create(body),
  )
  verbs.update({ body: UpdateShippingOptionType, example: { label: "Overnight" } }, ({ resolve, params, body }) =>
    resolve<ShippingOptionTypeService>(ShippingOptionTypeService).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<ShippingOptionTypeService>(ShippingOptionTypeService).delete(params.id))
})
