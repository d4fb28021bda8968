import type { StorefrontKey } from "@marquetry/flows"
import {
  compares,
  equals,
  getRoute,
  listRoute,
  RawJson,
  routes,
  type HandlerContext,
  type ResourceReads,
} from "@marquetry/http"
import { z } from "zod"
import { nestTrees } from "./category-trees.ts"
import { storefront } from "./storefront.guard.ts"
import { hiddenFromShoppers, scopeOf, visibleTo } from "./visibility.ts"

const flag = z.enum(["true", "false"]).optional()
const trees = { include_ancestors_tree: flag, include_descendants_tree: flag }
const dates = { created_at: compares(), updated_at: compares(), deleted_at: compares() }

const categories: ResourceReads<StorefrontKey> = {
  resource: "product_category",
  singular: "product_category",
  plural: "product_categories",
  defaults:
    "id, name, description, handle, rank, external_id, parent_category_id, created_at, updated_at, metadata, *parent_category, *category_children",
  maxDepth: 4,
  hidden: hiddenFromShoppers,
  extra: trees,
  list: {
    limit: 50,
    extra: trees,
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

/** Hangs the trees that were asked for onto what a read answered. */
async function withTrees(answer: RawJson, key: string, { identity, resolve, query }: Context): Promise<RawJson> {
  const asked = query as Readonly<Record<string, unknown>>
  const which = {
    ancestors: asked["include_ancestors_tree"] === "true",
    descendants: asked["include_descendants_tree"] === "true",
  }
  if (!which.ancestors && !which.descendants) return answer
  const body = JSON.parse(answer.text) as Record<string, Record<string, unknown> | Record<string, unknown>[]>
  await nestTrees([body[key] ?? []].flat(), which, { resolve, scope: scopeOf(identity) })
  return new RawJson(JSON.stringify(body))
}

export const productCategoryRoutes = routes("/store/product-categories", { guard: storefront }, ({ get }) => {
  const list = listRoute(categories)
  get("/", list.schemas, async (context) => withTrees(await list.handle(context), categories.plural, context))
  const one = getRoute(categories)
  get("/:id", one.schemas, async (context) => withTrees(await one.handle(context), categories.singular, context))
})
