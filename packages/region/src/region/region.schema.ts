import { findCurrency } from "@marquetry/money"
import { z } from "zod"

const countryCode = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z]{2}$/, "an ISO 3166-1 alpha-2 code")

/** Every field a caller may write. */
const writable = {
  name: z.string().trim().min(1).max(200),
  currencyCode: z
    .string()
    .trim()
    .toLowerCase()
    .refine((code) => findCurrency(code) !== null, "an ISO 4217 currency code"),
  automaticTaxes: z.boolean(),
  /** ISO 3166-1 alpha-2; on update, the whole list. */
  countries: z.array(countryCode).max(300),
  metadata: z.record(z.string(), z.unknown()).nullable(),
}

export const CreateRegion = z.strictObject({
  ...writable,
  automaticTaxes: writable.automaticTaxes.default(true),
  countries: writable.countries.default([]),
  metadata: writable.metadata.default(null),
})
export const UpdateRegion = z.strictObject(writable).exactPartial()

export type CreateRegion = z.input<typeof CreateRegion>
export type UpdateRegion = z.input<typeof UpdateRegion>
