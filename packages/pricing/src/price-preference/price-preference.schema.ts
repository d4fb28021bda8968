import { findCurrency } from "@marquetry/money"
import { z } from "zod"
import { preferenceAttributes } from "./price-preference.entity.ts"

const writable = {
  attribute: z.enum(preferenceAttributes),
  /** A currency code, or the id of a region. */
  value: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .refine((text) => !text.includes("\0"), "a text without NUL characters"),
  isTaxInclusive: z.boolean(),
}

export const SetPricePreference = z
  .strictObject({ ...writable, isTaxInclusive: writable.isTaxInclusive.default(false) })
  .transform((preference) => ({ ...preference, value: spelled(preference) }))
  .refine(isCurrency, { path: ["value"], message: "an ISO 4217 currency code" })
export const SetPricePreferences = z
  .array(SetPricePreference)
  .max(1_000)
  .refine(
    (list) => new Set(list.map(({ attribute, value }) => `${attribute} ${value}`)).size === list.length,
    "each currency and region once",
  )
export const UpdatePricePreference = z.strictObject(writable).exactPartial()

export type SetPricePreference = z.input<typeof SetPricePreference>
export type UpdatePricePreference = z.input<typeof UpdatePricePreference>

function spelled({ attribute, value }: { attribute: string; value: string }): string {
  return attribute === "currency_code" ? value.toLowerCase() : value
}

function isCurrency({ attribute, value }: { attribute: string; value: string }): boolean {
  return attribute !== "currency_code" || findCurrency(value) !== null
}
