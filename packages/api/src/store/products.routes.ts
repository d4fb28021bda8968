import { BuyerRegion, calculatedPrice, type Buyer, type StorefrontKey } from "@marquetry/flows"
import {
  compares,
  equals,
  getRoute,
  listRoute,
  nested,
  routes,
  type Preparation,
  type Reading,
  type ResourceReads,
} from "@marquetry/http"
import type { AnySelection } from "@marquetry/kernel"
import { z } from "zod"
import { storefront } from "./storefront.guard.ts"
import { hiddenFromShoppers, visibleTo } from "./visibility.ts"

/** Who looks, for prices: all routes that show variants take these. */
const buyer = {
  region_id: z.string().max(200).optional(),
  country_code: z.string().max(10).optional(),
  province: z.string().max(200).optional(),
  cart_id: z.string().max(200).optional(),
  sales_channel_id: z.union([z.string(), z.array(z.string()).max(100)]).optional(),
}

const dates = { created_at: compares(), updated_at: compares(), deleted_at: compares() }

/** Prices are those of a region: it is read beside the products, where prices are asked for. */
function forShopper(reading: Reading<StorefrontKey>): Preparation {
  const visible = visibleTo(reading)
  const regionId = reading.query["region_id"] as string | undefined
  if (regionId === undefined || !mentions(reading.fields, calculatedPrice.name)) return visible
  const regions = reading.resolve<BuyerRegion>(BuyerRegion)
  return {
    ...visible,
    beside: [...visible.beside, regions.read(regionId)],
    settle: async (rows) => {
      await visible.settle(rows)
      return { buyer: { region: regions.settle(regionId, rows.at(-1) ?? []) } satisfies Buyer }
    },
  }
}

const mentions = (selection: AnySelection, name: string): boolean =>
  name in selection || Object.values(selection).some((inner) => inner !== true && mentions(inner, name))

const products: ResourceReads<StorefrontKey> = {
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

const variants: ResourceReads<StorefrontKey> = {
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

export const productRoutes = [products, variants].flatMap((reads) =>
  routes(
    `/store/${reads.plural === "variants" ? "product-variants" : "products"}`,
    { guard: storefront },
    ({ get }) => {
      const list = listRoute(reads)
      get("/", list.schemas, list.handle)
      const one = getRoute(reads)
      get("/:id", one.schemas, one.handle)
    },
  ),
)
