import { z } from "zod"
import { currencyCode, quantity } from "../price/price.schema.ts"
import type { Situation } from "./choose-price.ts"

const id = z.string().min(1).max(100)
const text = z.string().max(1_000)

/** What is known of the buyer. */
export const PriceContext = z.strictObject({
  currencyCode,
  /** How many units are bought, where a price set is not asked for with a quantity of its own. */
  quantity: quantity.optional(),
  /** Short for the attribute `region_id`; says whose tax preference applies to prices with a rule on it. */
  regionId: id.optional(),
  /** Short for the attribute `customer.groups.id`. `[]` is a buyer in no group; left out, the groups are not known. */
  customerGroupIds: z.array(id).max(1_000).optional(),
  /** Values that rules are held against, by attribute: `{ item_total: "120" }`. */
  attributes: z.record(z.string(), z.union([text, z.array(text).max(1_000)])).optional(),
  /** The moment that lists must be in force at: now, unless said. */
  at: z.date().optional(),
})

/** A price set, for the quantity of the context or one of its own. */
export const AskedPrice = z.union([id, z.strictObject({ priceSetId: id, quantity })])
export const AskedPrices = z.array(AskedPrice).max(10_000)

export type PriceContext = z.input<typeof PriceContext>
export type AskedPrice = z.input<typeof AskedPrice>

/** A context as the choice needs it. Nothing is checked here. */
export function situationOf(context: PriceContext): Situation {
  const attributes = new Map<string, readonly string[]>()
  for (const [name, value] of Object.entries(context.attributes ?? {})) {
    attributes.set(name, typeof value === "string" ? [value] : value)
  }
  const code = context.currencyCode.toLowerCase()
  attributes.set("currency_code", [code])
  if (context.regionId !== undefined) attributes.set("region_id", [context.regionId])
  if (context.customerGroupIds !== undefined) attributes.set("customer.groups.id", context.customerGroupIds)
  return {
    currencyCode: code,
    quantity: String(context.quantity ?? 1),
    attributes,
    at: (context.at ?? new Date()).toISOString(),
  }
}
