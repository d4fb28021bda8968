import { z } from "zod"
import { distinctBy, id, MAX_ROWS, MAX_STOCK, stock } from "../fields.ts"

const key = { inventoryItemId: id, locationId: id }
export const keyOf = (level: { inventoryItemId: string; locationId: string }): string =>
  JSON.stringify([level.inventoryItemId, level.locationId])

/** What a level shall have. What is left out stays as it is, and is 0 in a new level. */
export const SetLevel = z.strictObject({
  ...key,
  stockedQuantity: stock.optional(),
  incomingQuantity: stock.optional(),
})
export const SetLevels = z
  .array(SetLevel)
  .max(MAX_ROWS)
  .refine(distinctBy("inventoryItemId", "locationId"), "a level is named twice")

export const LevelKeys = z.array(z.strictObject(key)).max(MAX_ROWS)

/** Units that came (positive) or went. */
export const AdjustLevel = z.strictObject({ ...key, adjustment: z.int().min(-MAX_STOCK).max(MAX_STOCK) })
export const AdjustLevels = z.array(AdjustLevel).max(MAX_ROWS)

export type SetLevel = z.input<typeof SetLevel>
export type AdjustLevel = z.input<typeof AdjustLevel>
