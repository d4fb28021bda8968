import { equals } from "@marquetry/http"
import { Assignment, CategoryService, CreateCategory, UpdateCategory } from "@marquetry/product"
import { treeParameters, withTrees } from "../../category-trees.ts"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { productsThat } from "../kit/beside.ts"
import { dates } from "../kit/filters.ts"

const categories = new AdminResource({
  resource: "product_category",
  singular: "product_category",
  plural: "product_categories",
  defaults:
    "id, name, description, handle, is_active, is_internal, rank, external_id, parent_category_id, created_at, updated_at, metadata, *parent_category, *category_children",
  extra: treeParameters,
  list: {
    limit: 50,
    extra: treeParameters,
    filters: {
      id: equals(),
      name: equals(),
      description: equals(),
      handle: equals(),
      parent_category_id: equals(),
      external_id: equals(),
      is_internal: equals(),
      is_active: equals(),
      ...dates,
    },
    logic: true,
  },
  complete: (answer, { resolve, query }) => withTrees(answer, { resolve, query, scope: {} }),
  // To move one writes the places of others: the tree comes before any of them.
  first: ({ resolve }) => resolve<CategoryService>(CategoryService).holdTree(),
})

export const productCategoryRoutes = adminRoutes("/admin/product-categories", categories, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create({ body: CreateCategory, example: { name: "Shirts", isActive: true } }, ({ resolve, body }) =>
    resolve<CategoryService>(CategoryService).create(body),
  )
  verbs.update({ body: UpdateCategory, example: { name: "Blouses", rank: 0 } }, ({ resolve, params, body }) =>
    resolve<CategoryService>(CategoryService).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<CategoryService>(CategoryService).delete(params.id), {
    description: "A category that has categories in it cannot be deleted.",
  })
  verbs.change(
    "/:id/products",
    {
      summary: "Puts products into a product category, and takes others out",
      body: Assignment,
      example: { add: ["prod_01"], remove: [] },
      action: "products_changed",
      beside: (context) => productsThat(context, context.body, { categories: { id: context.params.id } }),
    },
    ({ resolve, params, body }) => resolve<CategoryService>(CategoryService).assignProducts(params.id, body),
  )
})
