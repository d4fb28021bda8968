import type { StorefrontKey } from "@marquetry/flows"
import { equals, getRoute, listRoute, routes, type ResourceReads } from "@marquetry/http"
import { storefront } from "./storefront.guard.ts"
import { hiddenFromShoppers, visibleTo } from "./visibility.ts"

const reads: ResourceReads<StorefrontKey>[] = [
  {
    resource: "region",
    singular: "region",
    plural: "regions",
    defaults: "id, name, currency_code, created_at, updated_at, deleted_at, metadata, *countries",
    hidden: hiddenFromShoppers,
    prepare: visibleTo,
    list: { limit: 50, filters: { id: equals(), currency_code: equals(), name: equals() }, logic: true },
  },
  {
    resource: "currency",
    singular: "currency",
    plural: "currencies",
    defaults: "code, name, symbol, symbol_native, decimal_digits, rounding",
    hidden: hiddenFromShoppers,
    prepare: visibleTo,
    list: { limit: 50, filters: { code: equals() }, logic: true },
  },
]

export const regionRoutes = reads.flatMap((read) =>
  routes(`/store/${read.plural}`, { guard: storefront }, ({ get }) => {
    const list = listRoute(read)
    get("/", list.schemas, list.handle)
    const one = getRoute(read)
    get("/:id", one.schemas, one.handle)
  }),
)
