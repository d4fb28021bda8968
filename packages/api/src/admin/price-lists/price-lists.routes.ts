import {
  CreatePriceListInput,
  CreateVariantListPrice,
  PriceListFlow,
  UpdatePriceListInput,
  UpdateVariantListPrice,
} from "@marquetry/flows"
import { compares, equals } from "@marquetry/http"
import { PriceListService } from "@marquetry/pricing"
import { z } from "zod"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { rowsThat, type Beside } from "../kit/beside.ts"
import type { Handling } from "../kit/changes.ts"
import { dates } from "../kit/filters.ts"
import { listOfParts } from "../kit/list-of-parts.ts"

/** A list without its prices, which may be many. */
const priceLists = new AdminResource({
  resource: "price_list",
  singular: "price_list",
  plural: "price_lists",
  defaults:
    "id, type, description, title, status, starts_at, ends_at, rules, created_at, updated_at, deleted_at, metadata",
  list: {
    limit: 50,
    filters: {
      id: equals(),
      status: equals(),
      type: equals(),
      starts_at: compares(),
      ends_at: compares(),
      rules_count: equals(),
      ...dates,
    },
    logic: true,
  },
})

const prices = new AdminResource({
  resource: "price",
  singular: "price",
  plural: "prices",
  permission: "price_list",
  defaults: [
    "id, title, currency_code, amount, min_quantity, max_quantity, rules_count, price_set_id, price_list_id, price_list_type",
    "variant_id, created_at, updated_at, deleted_at, rules, *price_rules, price_set.id, price_set.variant.id",
  ].join(", "),
  list: {
    limit: 50,
    filters: {
      id: equals(),
      price_list_id: equals(),
      currency_code: equals(),
      variant_id: equals("price_set.variant.id"),
      product_id: equals("price_set.variant.product_id"),
      ...dates,
    },
    logic: true,
  },
})

const price = { variantId: "variant_01", currencyCode: "eur", amount: 15 }
const RemoveProducts = z.strictObject({ remove: z.array(z.string().max(200)).max(1_000).default([]) })

export const priceListRoutes = adminRoutes("/admin/price-lists", priceLists, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create(
    {
      body: CreatePriceListInput,
      example: {
        title: "Summer sale",
        description: "For those who buy wholesale",
        status: "active",
        rules: { "customer.groups.id": ["cusgroup_01"] },
        prices: [price],
      },
    },
    ({ resolve, body }) => resolve<PriceListFlow>(PriceListFlow).create(body),
  )
  verbs.update(
    {
      body: UpdatePriceListInput,
      example: { endsAt: "2027-01-31T23:59:59Z" },
      description: "`rules` are all of them.",
    },
    ({ resolve, params, body }) => resolve<PriceListFlow>(PriceListFlow).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<PriceListService>(PriceListService).delete(params.id))
  listOfParts(verbs, "/:id/prices", {
    of: priceLists,
    parts: prices,
    owner: "price_list_id",
    permissions: ["price_list:read"],
  })
  verbs.batch(
    "/:id/prices/batch",
    {
      summary: "Creates, updates and deletes prices of a price list",
      create: CreateVariantListPrice,
      update: UpdateVariantListPrice,
      idOf: ({ id }) => id,
      resource: prices,
      example: { create: [price], update: [{ id: "price_01", amount: 14 }], delete: ["price_02"] },
      first: ({ resolve }, batch) => resolve<PriceListFlow>(PriceListFlow).holdNamed(batch),
    },
    async ({ resolve, params }, batch) => (await resolve<PriceListFlow>(PriceListFlow).batch(params.id, batch)).created,
  )
  verbs.change(
    "/:id/products",
    {
      summary: "Removes the prices of products from a price list",
      body: RemoveProducts,
      example: { remove: ["prod_01"] },
      action: "products_removed",
      beside: pricesOfProducts,
    },
    ({ resolve, params, body }) => resolve<PriceListFlow>(PriceListFlow).removeProducts(params.id, body.remove),
  )
})

const told = {
  id: true,
  currency_code: true,
  amount: true,
  min_quantity: true,
  max_quantity: true,
  variant_id: true,
} as const

/** What a list says of the products that are named. */
async function pricesOfProducts(context: Handling<"/:id/products", typeof RemoveProducts>): Promise<Beside> {
  const { params, body } = context
  if (body.remove.length === 0) return {}
  const filter = { price_list_id: params.id, price_set: { variant: { product_id: body.remove } } }
  return { prices: await rowsThat(context, prices.reads.resource, told, filter) }
}
