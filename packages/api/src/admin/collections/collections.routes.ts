import { equals } from "@marquetry/http"
import { Assignment, CollectionService, CreateCollection, UpdateCollection } from "@marquetry/product"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { productsThat } from "../kit/beside.ts"
import { dates } from "../kit/filters.ts"

const collections = new AdminResource({
  resource: "product_collection",
  singular: "collection",
  plural: "collections",
  object: "collection",
  defaults: "id, title, handle, external_id, created_at, updated_at, metadata",
  list: {
    limit: 10,
    filters: { id: equals(), title: equals(), handle: equals(), external_id: equals(), ...dates },
    logic: true,
  },
})

export const collectionRoutes = adminRoutes("/admin/collections", collections, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create({ body: CreateCollection, example: { title: "Summer" } }, ({ resolve, body }) =>
    resolve<CollectionService>(CollectionService).create(body),
  )
  verbs.update({ body: UpdateCollection, example: { title: "Late summer" } }, ({ resolve, params, body }) =>
    resolve<CollectionService>(CollectionService).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<CollectionService>(CollectionService).delete(params.id))
  verbs.change(
    "/:id/products",
    {
      summary: "Puts products into a collection, out of the one they were in, and takes others out",
      body: Assignment,
      example: { add: ["prod_01"], remove: [] },
      action: "products_changed",
      beside: (context) => productsThat(context, context.body, { collection_id: context.params.id }),
    },
    ({ resolve, params, body }) => resolve<CollectionService>(CollectionService).assignProducts(params.id, body),
  )
})
