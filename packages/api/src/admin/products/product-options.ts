import { VariantFlow } from "@marquetry/flows"
import { Assignment, CreateOption, OptionService, ProductService, UpdateOption } from "@marquetry/product"
import { z } from "zod"
import { paramsOf, type AdminVerbs } from "../kit/admin-routes.ts"
import { listOfParts } from "../kit/list-of-parts.ts"
import { assertOptionOf, changeProduct, declareReading } from "./product-parts.ts"
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
  declareOneOption(verbs)
}

/** One option at a time, as clients do that know no batch. */
function declareOneOption(verbs: AdminVerbs): void {
  verbs.change(
    "/:id/options",
    {
      summary: "Gives a product an option of its own",
      description: "Variants get its first value.",
      body: CreateOption.extend({ isExclusive: CreateOption.shape.isExclusive.unwrap().default(true) }),
      example: { title: "Color", values: ["Blue", "Red"] },
      action: "options_changed",
    },
    ({ resolve, params, body }) => resolve<ProductService>(ProductService).changeOptions(params.id, { add: [body] }),
  )
  verbs.change(
    "/:id/options/:option_id",
    {
      summary: "Updates an option of a product",
      description: "An option that products share changes for all of them.",
      body: UpdateOption,
      example: { values: ["Blue", "Red", "Green"] },
      action: "options_changed",
      permissions: ["product:update", "product_option:update"],
    },
    async (context) => {
      const { resolve, params, body } = context
      await assertOptionOf(context, params.id, params.option_id)
      await resolve<OptionService>(OptionService).update(params.option_id, body)
    },
  )
  verbs.removePart(
    "/:id/options/:option_id",
    { summary: "Takes an option from a product", object: productOptions.object },
    ({ resolve, params }) =>
      resolve<ProductService>(ProductService).changeOptions(params.id, { remove: [params.option_id] }),
  )
  const option = { part: productOptions, assert: assertOptionOf }
  declareReading(verbs, "/:id/options/:option_id", "Reads an option of a product", option)
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
