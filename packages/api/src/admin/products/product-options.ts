import { VariantFlow } from "@marquetry/flows"
import { Assignment, ProductService } from "@marquetry/product"
import { z } from "zod"
import { paramsOf, type AdminVerbs } from "../kit/admin-routes.ts"
import { listOfParts } from "../kit/list-of-parts.ts"
import { changeProduct } from "./product-parts.ts"
import { productOptions, products } from "./product-resource.ts"
import { ChangeOptionsBody } from "./product.schema.ts"

/** Declares what a merchant does with the options of a product. */
export function declareOptions(verbs: AdminVerbs): void {
  listOfParts(verbs, "/:id/options", {
    of: products,
    parts: productOptions,
    owner: "product_id",
    permissions: ["product:read"],
  })
  verbs.change(
    "/:id/options/batch",
    {
      summary: "Gives a product options, takes some away, and says which values it offers",
      description: "Variants without a value of a new option get its first.",
      body: ChangeOptionsBody,
      example: {
        add: ["opt_01", { id: "opt_02", valueIds: ["optval_01"] }, { title: "Color", values: ["Blue", "Red"] }],
        remove: ["opt_03"],
        update: [{ productOptionId: "opt_04", add: [{ value: "XL" }], remove: ["optval_02"] }],
      },
      action: "options_changed",
    },
    ({ resolve, params, body }) => resolve<ProductService>(ProductService).changeOptions(params.id, body),
  )
}

const assigning = {
  body: Assignment,
  response: z.object({ added: z.array(z.string()), removed: z.array(z.string()) }),
  permissions: ["product:update"],
}

/** Declares how a merchant says which images of a product show which of its variants. */
export function declareImages({ verbs }: AdminVerbs): void {
  verbs.post(
    "/:id/images/:image_id/variants/batch",
    {
      ...assigning,
      summary: "Says which variants an image of a product shows",
      example: { add: ["variant_01"], remove: ["variant_02"] },
      params: paramsOf("/:id/:image_id"),
    },
    (context) => {
      const { resolve, params, body } = context
      const work = () => resolve<VariantFlow>(VariantFlow).assignImage(params.id, params.image_id, body)
      return changeProduct(context, "images_assigned", work, (assigned) => assigned)
    },
  )
  verbs.post(
    "/:id/variants/:variant_id/images/batch",
    {
      ...assigning,
      summary: "Says which images show a variant of a product",
      example: { add: ["img_01"], remove: ["img_02"] },
      params: paramsOf("/:id/:variant_id"),
    },
    (context) => {
      const { resolve, params, body } = context
      const work = () => resolve<VariantFlow>(VariantFlow).assignImages(params.id, params.variant_id, body)
      return changeProduct(context, "images_assigned", work, (assigned) => assigned)
    },
  )
}
