import { equals } from "@marquetry/http"
import { CreateLabel, TypeService, UpdateLabel } from "@marquetry/product"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"

const types = new AdminResource({
  resource: "product_type",
  singular: "product_type",
  plural: "product_types",
  defaults: "id, value, external_id, created_at, updated_at, metadata",
  list: { limit: 10, filters: { id: equals(), value: equals(), external_id: equals(), ...dates }, logic: true },
})

export const productTypeRoutes = adminRoutes("/admin/product-types", types, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create({ body: CreateLabel, example: { value: "Shirt" } }, ({ resolve, body }) =>
    resolve<TypeService>(TypeService).create(body),
  )
  verbs.update({ body: UpdateLabel, example: { value: "Blouse" } }, ({ resolve, params, body }) =>
    resolve<TypeService>(TypeService).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<TypeService>(TypeService).delete(params.id))
})
