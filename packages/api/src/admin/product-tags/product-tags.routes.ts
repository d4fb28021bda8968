import { equals } from "@marquetry/http"
import { CreateLabel, TagService, UpdateLabel } from "@marquetry/product"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"

const tags = new AdminResource({
  resource: "product_tag",
  singular: "product_tag",
  plural: "product_tags",
  defaults: "id, value, external_id, created_at, updated_at, metadata",
  list: { limit: 20, filters: { id: equals(), value: equals(), external_id: equals(), ...dates }, logic: true },
})

export const productTagRoutes = adminRoutes("/admin/product-tags", tags, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create({ body: CreateLabel, example: { value: "cotton" } }, ({ resolve, body }) =>
    resolve<TagService>(TagService).create(body),
  )
  verbs.update({ body: UpdateLabel, example: { value: "linen" } }, ({ resolve, params, body }) =>
    resolve<TagService>(TagService).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<TagService>(TagService).delete(params.id))
})
