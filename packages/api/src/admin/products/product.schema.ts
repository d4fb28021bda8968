import { CreateProductInput, UpdateVariantInput } from "@marquetry/flows"
import { AddVariantItem } from "@marquetry/inventory"
import { ChangeOptions, ProductOptionInput } from "@marquetry/product"
import { z } from "zod"

/** A product as the wire has it: without a status it is a draft. */
export const CreateProductBody = CreateProductInput.extend({
  status: CreateProductInput.shape.status
    .unwrap()
    .nullable()
    .default("draft")
    .transform((given) => given ?? "draft"),
})

/** The path says which variant it is; some clients say it here too. */
export const UpdateVariantBody = UpdateVariantInput.extend({ id: z.string().max(200).optional() }).transform((body) => {
  const { id: _, ...change } = body
  return change
})

const { remove, update } = ChangeOptions.shape
const changed = update.unwrap()
const { optionId } = changed.element.shape

/** A change of a product's options, as the wire has it: one that there is can be named by its id alone. */
export const ChangeOptionsBody = z.strictObject({
  add: z
    .array(z.union([optionId.transform((id) => ({ id })), ProductOptionInput]))
    .max(50)
    .default([]),
  remove,
  update: z
    .array(
      changed.element
        .omit({ optionId: true })
        .extend({ productOptionId: optionId })
        .transform(({ productOptionId, ...change }) => ({ ...change, optionId: productOptionId })),
    )
    .max(50)
    .default([]),
})

/** An item of the variant that the path names. */
export const AddItemBody = AddVariantItem.omit({ variantId: true })
