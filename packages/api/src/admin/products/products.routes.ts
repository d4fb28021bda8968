import { ProductFlow, UpdateProductInput, UpdateProductInputById } from "@marquetry/flows"
import { adminRoutes } from "../kit/admin-routes.ts"
import { declareImages, declareOptions } from "./product-options.ts"
import { products } from "./product-resource.ts"
import { declareVariants } from "./product-variants.ts"
import { CreateProductBody } from "./product.schema.ts"
import { declareItems } from "./variant-items.ts"

const shirt = {
  title: "Shirt",
  status: "published" as const,
  options: [{ title: "Size", values: ["S", "M"] }],
  variants: [
    { title: "S", options: { Size: "S" }, sku: "SHIRT-S", prices: [{ currencyCode: "eur", amount: 20 }] },
    { title: "M", options: { Size: "M" }, sku: "SHIRT-M", prices: [{ currencyCode: "eur", amount: 20 }] },
  ],
}

/** Bytes of a batch: a thousand products with their variants. */
const MAX_BATCH_SIZE = 20 * 1_024 * 1_024

export const productRoutes = adminRoutes("/admin/products", products, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create({ body: CreateProductBody, example: shirt }, ({ resolve, body }) =>
    resolve<ProductFlow>(ProductFlow).create(body),
  )
  verbs.update(
    {
      body: UpdateProductInput,
      example: { title: "Linen shirt", variants: [{ id: "variant_01", prices: [{ id: "price_01", amount: 25 }] }] },
      description: "Lists replace: what they do not name is taken away.",
      first: ({ resolve, params, body }) =>
        resolve<ProductFlow>(ProductFlow).holdNamed({ update: [{ ...body, id: params.id }] }),
    },
    ({ resolve, params, body }) => resolve<ProductFlow>(ProductFlow).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<ProductFlow>(ProductFlow).delete(params.id))
  verbs.batch(
    "/batch",
    {
      summary: "Creates, updates and deletes products",
      create: CreateProductBody,
      update: UpdateProductInputById,
      idOf: ({ id }) => id,
      example: { create: [shirt], update: [{ id: "prod_01", title: "Linen shirt" }], delete: ["prod_02"] },
      bodyLimit: MAX_BATCH_SIZE,
      first: ({ resolve }, batch) => resolve<ProductFlow>(ProductFlow).holdNamed(batch),
    },
    async ({ resolve }, batch) => (await resolve<ProductFlow>(ProductFlow).batch(batch)).created,
  )
  declareVariants(verbs)
  declareItems(verbs)
  declareOptions(verbs)
  declareImages(verbs)
})
