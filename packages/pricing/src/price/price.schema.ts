import { Amount, findCurrency, isAmountLike, type AmountLike } from "@marquetry/money"
import { z } from "zod"
import { compareDecimals, isDecimal } from "./compare-decimals.ts"
import { ruleOperators, type PriceRule as StoredRule } from "./price.types.ts"

/** ISO 4217, in any case; kept in lower case. */
export const currencyCode = z
  .string()
  .trim()
  .toLowerCase()
  .refine((code) => findCurrency(code) !== null, "an ISO 4217 currency code")

const decimal = z.custom<AmountLike>(isAmountLike, "a decimal number").transform((value) => Amount.of(value))
const amount = decimal.refine((value) => !value.isNegative(), "an amount that is not negative").transform(String)
export const quantity = decimal.refine((value) => value.isPositive(), "a quantity above zero").transform(String)

/** Postgres keeps no NUL characters in texts. */
const printable = (text: string) => !text.includes("\0")
export const attribute = z.string().trim().min(1).max(200).refine(printable, "a text without NUL characters")
export const ruleValue = z.string().min(1).max(500).refine(printable, "a text without NUL characters")

const comparing = new Set<string>(["gt", "gte", "lt", "lte"])
const listing = new Set<string>(["in", "nin"])

/** A condition on the buyer's situation. Which attributes there are is the shop's business: see `calculate`. */
export const PriceRuleInput = z
  .strictObject({
    attribute,
    operator: z.enum(ruleOperators).default("eq"),
    value: z.union([ruleValue, z.number().transform(String), z.array(ruleValue).min(1).max(1_000)]),
    priority: z.int().min(0).max(1_000_000).default(0),
  })
  .superRefine(({ operator, value }, context) => {
    const listed = Array.isArray(value)
    const expected = listing.has(operator) ? "a list of texts" : comparing.has(operator) ? "a decimal number" : "a text"
    const fits = listing.has(operator) ? listed : !listed && (!comparing.has(operator) || isDecimal(value))
    if (!fits) context.addIssue({ code: "custom", path: ["value"], message: `${operator} takes ${expected}` })
  })

/** Rules in one order, without repetition, so that equal rules have equal texts. */
const rules = z.array(PriceRuleInput).max(50).transform(canonical)

function canonical(given: z.output<typeof PriceRuleInput>[]): StoredRule[] {
  const byText = new Map<string, StoredRule>()
  for (const { attribute, operator, value, priority } of given) {
    const stored = { attribute, operator, value: Array.isArray(value) ? [...new Set(value)].sort() : value, priority }
    byText.set(JSON.stringify([attribute, operator, stored.value]), stored)
  }
  const texts = [...byText].sort(([a], [b]) => (a < b ? -1 : 1))
  return texts.map(([, rule]) => rule)
}

/** Every field of a price that a caller may write. */
const writable = {
  currencyCode,
  /** Major units. More decimals than the currency has are kept: prices per gram need them, totals are rounded. */
  amount,
  minQuantity: quantity.nullable(),
  maxQuantity: quantity.nullable(),
  title: z.string().trim().max(500).refine(printable, "a text without NUL characters").nullable(),
  /** All must be met; on update, the whole list. */
  rules,
}

interface Tier {
  readonly minQuantity?: string | null
  readonly maxQuantity?: string | null
}
/** Whether the bounds of a tier leave room between them. */
export const tierIsOpen = ({ minQuantity, maxQuantity }: Tier): boolean =>
  minQuantity == null || maxQuantity == null || compareDecimals(minQuantity, maxQuantity) <= 0
export const closedTier = { path: ["maxQuantity"], message: "not less than minQuantity" }

const creatable = {
  ...writable,
  minQuantity: writable.minQuantity.default(null),
  maxQuantity: writable.maxQuantity.default(null),
  title: writable.title.default(null),
  rules: writable.rules.default([]),
}
const priceSetId = z.string().min(1).max(100)

export const CreatePrice = z.strictObject(creatable).refine(tierIsOpen, closedTier)
export const UpdatePrice = z
  .strictObject(writable)
  .exactPartial()
  .extend({ id: z.string().min(1).max(100) })
/** A price of a list says which set it is for. */
export const CreateListPrice = z.strictObject({ ...creatable, priceSetId }).refine(tierIsOpen, closedTier)

const MAX_SET_PRICES = 10_000
/** More prices than that in one call belong into several. */
const MAX_PRICES = 100_000
export const CreatePrices = z.array(CreatePrice).max(MAX_SET_PRICES)
export const UpdatePrices = z.array(UpdatePrice).max(MAX_PRICES)
export const CreateListPrices = z.array(CreateListPrice).max(MAX_PRICES)
export const PriceIds = z.array(z.string()).max(MAX_PRICES)

export type CreatePrice = z.input<typeof CreatePrice>
export type UpdatePrice = z.input<typeof UpdatePrice>
export type CreateListPrice = z.input<typeof CreateListPrice>
export type PriceRuleInput = z.input<typeof PriceRuleInput>
