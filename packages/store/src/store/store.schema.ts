import { findCurrency } from "@marquetry/money"
import { z } from "zod"

const supportedCurrency = z.strictObject({
  currencyCode: z
    .string()
    .trim()
    .toLowerCase()
    .refine((code) => findCurrency(code) !== null, "an ISO 4217 currency code"),
  isDefault: z.boolean().default(false),
})

const supportedLocale = z.strictObject({
  localeCode: z
    .string()
    .trim()
    .max(100)
    .transform((code, context) => {
      const [canonical] = canonicalLocales(code)
      if (canonical !== undefined) return canonical
      context.addIssue("a BCP 47 language tag, such as en-US")
      return z.NEVER
    }),
})

const foreignId = z.string().min(1).max(200).nullable()

/** Every field a caller may write. */
const writable = {
  name: z.string().trim().min(1).max(200),
  /** On update, the whole list. */
  supportedCurrencies: z
    .array(supportedCurrency)
    .max(300)
    .refine((list) => isDistinct(list.map(({ currencyCode }) => currencyCode)), "each currency once")
    .refine((list) => list.filter(({ isDefault }) => isDefault).length === 1, "exactly one currency is the default"),
  /** On update, the whole list. */
  supportedLocales: z
    .array(supportedLocale)
    .max(300)
    .refine((list) => isDistinct(list.map(({ localeCode }) => localeCode)), "each locale once"),
  defaultSalesChannelId: foreignId,
  defaultRegionId: foreignId,
  defaultLocationId: foreignId,
  metadata: z.record(z.string(), z.unknown()).nullable(),
}

export const CreateStore = z.strictObject({
  ...writable,
  supportedLocales: writable.supportedLocales.default([]),
  defaultSalesChannelId: writable.defaultSalesChannelId.default(null),
  defaultRegionId: writable.defaultRegionId.default(null),
  defaultLocationId: writable.defaultLocationId.default(null),
  metadata: writable.metadata.default(null),
})
export const UpdateStore = z.strictObject(writable).exactPartial()

export type CreateStore = z.input<typeof CreateStore>
export type UpdateStore = z.input<typeof UpdateStore>

const isDistinct = (codes: readonly string[]) => new Set(codes).size === codes.length

/** The canonical spelling, or nothing for what is no language tag. */
function canonicalLocales(code: string): string[] {
  try {
    return Intl.getCanonicalLocales(code)
  } catch {
    return []
  }
}
