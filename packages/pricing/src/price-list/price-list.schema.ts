import { instant } from "@marquetry/kernel"
import { z } from "zod"
import { attribute, CreateListPrices, ruleValue } from "../price/price.schema.ts"
import { priceListStatuses, priceListTypes, type ListRule } from "../price/price.types.ts"

const printable = (text: string) => !text.includes("\0")

/** Every field that a caller may write. */
const writable = {
  title: z.string().trim().min(1).max(200).refine(printable, "a text without NUL characters"),
  description: z.string().trim().max(5_000).refine(printable, "a text without NUL characters"),
  type: z.enum(priceListTypes),
  status: z.enum(priceListStatuses),
  /** The first and the last moment of it; no bound where null. */
  startsAt: instant.nullable(),
  endsAt: instant.nullable(),
  /** Values by attribute: of each attribute, one of the values must be met. On update, all rules. */
  rules: z.record(attribute, z.array(ruleValue).min(1).max(10_000)).transform(canonical),
  metadata: z.record(z.string(), z.unknown()).nullable(),
}

function canonical(rules: Record<string, string[]>): ListRule[] {
  const entries = Object.entries(rules).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([name, value]) => ({ attribute: name, value: [...new Set(value)].sort() }))
}

export const CreatePriceList = z.strictObject({
  ...writable,
  description: writable.description.default(""),
  type: writable.type.default("sale"),
  status: writable.status.default("draft"),
  startsAt: writable.startsAt.default(null),
  endsAt: writable.endsAt.default(null),
  rules: writable.rules.default([]),
  metadata: writable.metadata.default(null),
  prices: CreateListPrices.default([]),
})
export const CreatePriceLists = z.array(CreatePriceList).max(1_000)
export const UpdatePriceList = z.strictObject(writable).exactPartial()
export const PriceListIds = z.array(z.string()).max(1_000)

export type CreatePriceList = z.input<typeof CreatePriceList>
export type UpdatePriceList = z.input<typeof UpdatePriceList>
