import { z } from "zod"
import { distinctBy, id, MAX_ROWS, metadata, stock } from "../fields.ts"

/** A text that may be missing; an empty one is: forms send it so. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .transform((value) => (value === "" ? null : value))
    .nullable()

/** Not negative, in whatever unit the shop uses; a text is exact. */
const measure = z
  .union([z.number(), z.string().regex(/^\d{1,12}(\.\d{1,12})?$/, "a decimal number")])
  .refine((value) => Number(value) >= 0 && Number(value) < 1e12, "a number from 0")
  .nullable()

/** Every field that a caller may write. */
const writable = {
  sku: line(200),
  title: line(500),
  description: line(10_000),
  thumbnail: line(2_000),
  requiresShipping: z.boolean(),
  originCountry: line(200),
  hsCode: line(200),
  midCode: line(200),
  material: line(500),
  unitOfMeasure: line(200),
  weight: measure,
  length: measure,
  height: measure,
  width: measure,
  metadata,
}

/** What is at a location from the beginning. */
const NewLevel = z.strictObject({
  locationId: id,
  stockedQuantity: stock.default(0),
  incomingQuantity: stock.default(0),
})

export const CreateInventoryItem = z.strictObject({
  sku: writable.sku.default(null),
  title: writable.title.default(null),
  description: writable.description.default(null),
  thumbnail: writable.thumbnail.default(null),
  requiresShipping: writable.requiresShipping.default(true),
  originCountry: writable.originCountry.default(null),
  hsCode: writable.hsCode.default(null),
  midCode: writable.midCode.default(null),
  material: writable.material.default(null),
  unitOfMeasure: writable.unitOfMeasure.default(null),
  weight: writable.weight.default(null),
  length: writable.length.default(null),
  height: writable.height.default(null),
  width: writable.width.default(null),
  metadata: writable.metadata.default(null),
  /** One per location. */
  locationLevels: z
    .array(NewLevel)
    .max(1_000)
    .refine(distinctBy("locationId"), "a location is named twice")
    .default([]),
})
export const CreateInventoryItems = z.array(CreateInventoryItem).max(MAX_ROWS)
export const UpdateInventoryItem = z.strictObject(writable).exactPartial()

export type CreateInventoryItem = z.input<typeof CreateInventoryItem>
export type CreateInventoryItems = z.input<typeof CreateInventoryItems>
export type UpdateInventoryItem = z.input<typeof UpdateInventoryItem>
