import type { StorefrontKey } from "@marquetry/flows"
import {
  compares,
  equals,
  getRoute,
  listRoute,
  routes,
  type HandlerContext,
  type RawJson,
  type ResourceReads,
} from "@marquetry/http"
import { treeParameters, withTrees } from "../category-trees.ts"
import { storefront } from "./storefront.guard.ts"
import { hiddenFromShoppers, scopeOf, visibleTo } from "./visibility.ts"

const dates = { created_at: compares(), updated_at: compares(), deleted_at: compares() }

const categories: ResourceReads<StorefrontKey> = {
  resource: "product_category",
  singular: "product_category",
  plural: "product_categories",
  defaults:
    "id, name, description, handle, rank, external_id, parent_category_id, created_at, updated_at, metadata, *parent_category, *category_children",
  maxDepth: 4,
  hidden: hiddenFromShoppers,
  extra: treeParameters,
  list: {
    limit: 50,
    extra: treeParameters,
    logic: true,
    filters: {
      id: equals(),
      name: equals(),
      description: equals(),
      handle: equals(),
      parent_category_id: equals(),
      external_id: equals(),
      ...dates,
    },
  },
  prepare: visibleTo,
}

type Context = Pick<HandlerContext<StorefrontKey, undefined, undefined, undefined>, "identity" | "resolve"> & {
  readonly query: unknown
}

/** Trees of what shoppers may see. */
const seen = (answer: RawJson, { identity, resolve, query }: Context): Promise<RawJson> =>
  withTrees(answer, { resolve, query, scope: scopeOf(identity) })

export const productCategoryRoutes = routes("/store/product-categories", { guard: storefront }, ({ get }) => {
  const list = listRoute(categories)
  get("/", list.schemas, async (context) => seen(await list.handle(context), context))
  const one = getRoute(categories)
  get("/:id", one.schemas, async (context) => seen(await one.handle(context), context))
})
