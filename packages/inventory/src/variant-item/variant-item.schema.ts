import { z } from "zod"
import { distinctBy, id, MAX_ROWS, requiredQuantity } from "../fields.ts"

const Part = z.strictObject({ inventoryItemId: id, requiredQuantity: requiredQuantity.default(1) })

/** All items that a variant is made of; none for a variant that is made of nothing. */
export const SetVariantItems = z.strictObject({
  variantId: id,
  items: z.array(Part).max(100).refine(distinctBy("inventoryItemId"), "an item is named twice"),
})
export const SetManyVariantItems = z
  .array(SetVariantItems)
  .max(MAX_ROWS)
  .refine(distinctBy("variantId"), "a variant is named twice")

const key = { variantId: id, inventoryItemId: id }
export const AddVariantItem = z.strictObject({ ...key, requiredQuantity: requiredQuantity.default(1) })
export const AddVariantItems = z
  .array(AddVariantItem)
  .max(MAX_ROWS)
  .refine(distinctBy("variantId", "inventoryItemId"), "an item is named twice")
export const VariantItemKey = z.strictObject(key)
export const VariantItemKeys = z.array(VariantItemKey).max(MAX_ROWS)
export const UpdateVariantItem = z.strictObject({ requiredQuantity })

export type SetVariantItems = z.input<typeof SetVariantItems>
export type AddVariantItem = z.input<typeof AddVariantItem>
export type VariantItemKey = z.input<typeof VariantItemKey>
export type UpdateVariantItem = z.input<typeof UpdateVariantItem>
