import type { StorefrontKey } from "@marquetry/flows"
import { compares, equals, getRoute, listRoute, routes, type Preparation, type ResourceReads } from "@marquetry/http"
import { storefront } from "./storefront.guard.ts"
import { hiddenFromShoppers, visibleTo } from "./visibility.ts"

const dates = { created_at: compares(), updated_at: compares() }
const allDates = { ...dates, deleted_at: compares() }

/** What products are sorted by: read alike, each with its own fields and filters. */
const reads: Record<string, Omit<ResourceReads<StorefrontKey>, "hidden" | "prepare" | "maxDepth">> = {
  collections: {
    resource: "product_collection",
    singular: "collection",
    plural: "collections",
    defaults: "id, title, handle, external_id, created_at, updated_at",
    list: {
      limit: 10,
      filters: { id: equals(), title: equals(), handle: equals(), external_id: equals(), ...dates },
      logic: true,
    },
  },
  "product-tags": {
    resource: "product_tag",
    singular: "product_tag",
    plural: "product_tags",
    defaults: "id, value, external_id, created_at, updated_at, metadata, *products",
    list: { limit: 50, filters: { id: equals(), value: equals(), external_id: equals(), ...allDates }, logic: true },
  },
  "product-types": {
    resource: "product_type",
    singular: "product_type",
    plural: "product_types",
    defaults: "id, value, external_id, created_at, updated_at, metadata, *products",
    filtersOne: true,
    list: { limit: 50, filters: { id: equals(), value: equals(), external_id: equals(), ...allDates }, logic: true },
  },
  "product-options": {
    resource: "product_option",
    singular: "product_option",
    plural: "product_options",
    defaults: "id, title, is_exclusive, created_at, updated_at, metadata, *values",
    list: { limit: 50, filters: { id: equals(), title: equals(), is_exclusive: equals(), ...allDates }, logic: true },
  },
}

/** An option that was made for one product is seen where that product is. */
const seenWhere: Readonly<Record<string, NonNullable<Preparation["scope"]>>> = {
  product_option: { product_option: { $or: [{ isExclusive: false }, { products: {} }] } },
}

export const catalogueRoutes = Object.entries(reads).flatMap(([path, read]) =>
  routes(`/store/${path}`, { guard: storefront }, ({ get }) => {
    const complete: ResourceReads<StorefrontKey> = {
      ...read,
      maxDepth: 4,
      hidden: hiddenFromShoppers,
      prepare: (reading) => {
        const visible = visibleTo(reading)
        return { ...visible, scope: { ...visible.scope, ...seenWhere[read.resource] } }
      },
    }
    const list = listRoute(complete)
    get("/", list.schemas, list.handle)
    const one = getRoute(complete)
    get("/:id", one.schemas, one.handle)
  }),
)
