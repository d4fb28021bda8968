import { compares, equals, getRoute, listRoute, nested, routes, type ResourceReads } from "@marquetry/http"
import { z } from "zod"
import { forShopper } from "./product-context.ts"
import { shopper, type Visitor } from "./shopper.guard.ts"
import { hiddenFromShoppers } from "./visibility.ts"

/** Who looks, for prices: all routes that show variants take these. */
const buyer = {
  region_id: z.string().max(200).optional(),
  country_code: z.string().max(10).optional(),
  province: z.string().max(200).optional(),
  cart_id: z.string().max(200).optional(),
  sales_channel_id: z.union([z.string(), z.array(z.string()).max(100)]).optional(),
}

const dates = { created_at: compares(), updated_at: compares(), deleted_at: compares() }

export const productReads: ResourceReads<Visitor> = {
  resource: "product",
  singular: "product",
  plural: "products",
  defaults:
    "id, title, subtitle, description, handle, is_giftcard, discountable, thumbnail, collection_id, type_id, weight, length, height, width, hs_code, origin_country, mid_code, material, created_at, updated_at, *type, *collection, *options, *options.values, *tags, *images, *variants, *variants.options",
  maxDepth: 4,
  hidden: hiddenFromShoppers,
  filtersOne: true,
  extra: buyer,
  list: {
    limit: 50,
    extra: buyer,
    logic: true,
    filters: {
      id: equals(),
      title: equals(),
      handle: equals(),
      is_giftcard: equals(),
      external_id: equals(),
      category_id: equals("categories.id"),
      option_id: equals("options.id"),
      option_value_id: equals("variants.options.id"),
      collection_id: equals(),
      tag_id: equals("tags.id"),
      type_id: equals(),
      variants: nested(),
      ...dates,
    },
  },
  prepare: forShopper,
}

export const variantReads: ResourceReads<Visitor> = {
  resource: "product_variant",
  singular: "variant",
  plural: "variants",
  defaults:
    "id, title, sku, barcode, ean, upc, allow_backorder, manage_inventory, variant_rank, product_id, thumbnail, hs_code, origin_country, mid_code, material, weight, length, height, width, created_at, updated_at, metadata, *options, *images, product.id, product.type_id",
  maxDepth: 4,
  hidden: hiddenFromShoppers,
  extra: buyer,
  list: {
    limit: 20,
    extra: buyer,
    filters: {
      id: equals(),
      sku: equals(),
      product_id: equals(),
      options: nested(),
      allow_backorder: equals(),
      manage_inventory: equals(),
      ...dates,
    },
  },
  prepare: (reading) => {
    const prepared = forShopper(reading)
    // A variant is seen where its product is.
    return { ...prepared, scope: { ...prepared.scope, product_variant: { product: {} } } }
  },
}

export const productRoutes = [productReads, variantReads].flatMap((reads) =>
  routes(`/store/${reads.plural === "variants" ? "product-variants" : "products"}`, { guard: shopper }, ({ get }) => {
    const list = listRoute(reads)
    get("/", list.schemas, list.handle)
    const one = getRoute(reads)
    get("/:id", one.schemas, one.handle)
  }),
)
