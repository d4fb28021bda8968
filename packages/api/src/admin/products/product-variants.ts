import { CreateVariantInput, UpdateVariantInputById, VariantFlow } from "@marquetry/flows"
import type { AdminVerbs } from "../kit/admin-routes.ts"
import { listOfParts } from "../kit/list-of-parts.ts"
import { assertVariantOf, declareReading } from "./product-parts.ts"
import { products, variants } from "./product-resource.ts"
import { UpdateVariantBody } from "./product.schema.ts"

const variant = {
  title: "L",
  options: { Size: "L" },
  sku: "SHIRT-L",
  prices: [{ currencyCode: "eur", amount: 22, rules: { region_id: "reg_01" } }],
}

/** Declares what a merchant does with the variants of a product. */
export function declareVariants(verbs: AdminVerbs): void {
  listOfParts(verbs, "/:id/variants", {
    of: products,
    parts: variants,
    owner: "product_id",
    permissions: ["product:read"],
  })
  const one = { part: variants, assert: assertVariantOf }
  declareReading(verbs, "/:id/variants/:variant_id", "Reads a variant of a product", one)
  verbs.change(
    "/:id/variants",
    { summary: "Adds a variant to a product", body: CreateVariantInput, example: variant, action: "variant_added" },
    ({ resolve, params, body }) => resolve<VariantFlow>(VariantFlow).create(params.id, body),
  )
  verbs.change(
    "/:id/variants/:variant_id",
    {
      summary: "Updates a variant of a product",
      description: "`prices` replace all that are in no price list; one that is named by its id is kept.",
      body: UpdateVariantBody,
      example: { sku: "SHIRT-L2", prices: [{ id: "price_01", amount: 25 }] },
    },
    ({ resolve, params, body }) => resolve<VariantFlow>(VariantFlow).update(params.id, params.variant_id, body),
  )
  verbs.removePart(
    "/:id/variants/:variant_id",
    { summary: "Deletes a variant of a product", object: variants.object },
    ({ resolve, params }) => resolve<VariantFlow>(VariantFlow).delete(params.id, params.variant_id),
  )
  verbs.batch(
    "/:id/variants/batch",
    {
      summary: "Creates, updates and deletes variants of a product",
      create: CreateVariantInput,
      update: UpdateVariantInputById,
      idOf: ({ id }) => id,
      resource: variants,
      example: { create: [variant], update: [{ id: "variant_01", allowBackorder: true }], delete: ["variant_02"] },
    },
    async ({ resolve, params }, batch) => (await resolve<VariantFlow>(VariantFlow).batch(params.id, batch)).created,
  )
}
