import { z } from "zod"
import { CreatePrices } from "../price/price.schema.ts"

const MAX_SETS = 10_000

export const CreatePriceSet = z.strictObject({
  /** Base prices: those of no list. */
  prices: CreatePrices.default([]),
})
export const CreatePriceSets = z.array(CreatePriceSet).max(MAX_SETS)

/** The base prices that a set shall have. */
export const SetPrices = z.strictObject({ priceSetId: z.string().min(1).max(100), prices: CreatePrices })
export const SetManyPrices = z
  .array(SetPrices)
  .max(MAX_SETS)
  .refine((sets) => new Set(sets.map(({ priceSetId }) => priceSetId)).size === sets.length, "each price set once")

export const PriceSetIds = z.array(z.string()).max(MAX_SETS)

export type CreatePriceSet = z.input<typeof CreatePriceSet>
export type SetPrices = z.input<typeof SetPrices>
