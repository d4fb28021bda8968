import { z } from "zod"
import { optionalCode, id, line, metadata, newShipping, rank, shipping, url } from "../fields.ts"

/** Values by the titles of their options: `{ Size: "M", Color: "Blue" }`. */
const choice = z.record(z.string().trim(), z.string().trim())

/** Every field a caller may write. */
const writable = {
  title: line,
  sku: optionalCode,
  ean: optionalCode,
  upc: optionalCode,
  barcode: optionalCode,
  allowBackorder: z.boolean(),
  manageInventory: z.boolean(),
  variantRank: rank,
  thumbnail: url.nullable(),
  /** On update, only what changes. */
  options: choice,
  ...shipping,
  metadata,
}

export const CreateVariant = z.strictObject({
  ...writable,
  ...newShipping,
  /** Its values joined by slashes unless given. */
  title: writable.title.optional(),
  sku: writable.sku.default(null),
  ean: writable.ean.default(null),
  upc: writable.upc.default(null),
  barcode: writable.barcode.default(null),
  allowBackorder: writable.allowBackorder.default(false),
  manageInventory: writable.manageInventory.default(true),
  /** Behind the others unless given. */
  variantRank: writable.variantRank.optional(),
  thumbnail: writable.thumbnail.default(null),
  options: writable.options.default({}),
  metadata: writable.metadata.default(null),
})
export const UpdateVariant = z.strictObject(writable).exactPartial()
export const UpdateVariantById = UpdateVariant.extend({ id })

/** Which images show which variants. */
export const AssignImages = z.strictObject({
  add: z
    .array(z.strictObject({ variantId: id, imageId: id }))
    .max(10_000)
    .default([]),
  remove: z
    .array(z.strictObject({ variantId: id, imageId: id }))
    .max(10_000)
    .default([]),
})

export type CreateVariant = z.input<typeof CreateVariant>
export type UpdateVariant = z.input<typeof UpdateVariant>
export type UpdateVariantById = z.input<typeof UpdateVariantById>
export type AssignImages = z.input<typeof AssignImages>
