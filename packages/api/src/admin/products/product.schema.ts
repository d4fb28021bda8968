import { CreateProductInput } from "@marquetry/flows"

/** A product as the wire has it: without a status it is a draft. */
export const CreateProductBody = CreateProductInput.extend({
  status: CreateProductInput.shape.status
    .unwrap()
    .nullable()
    .default("draft")
    .transform((given) => given ?? "draft"),
})
