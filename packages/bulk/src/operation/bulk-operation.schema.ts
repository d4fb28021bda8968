import { findCurrency } from "@marquetry/money"
import { z } from "zod"

const id = z.string().min(1).max(200)
const requestedBy = id.nullable().default(null)
/** ISO 4217, in any case. */
const currencyCode = z
  .string()
  .trim()
  .toLowerCase()
  .refine((code) => findCurrency(code) !== null, "an ISO 4217 currency code")

/** What is exported: a filter and a search as the query engine takes them; names may be those of the wire. */
const chosen = {
  filter: z.record(z.string(), z.unknown()).default({}),
  q: z.string().max(500).optional(),
}

export const PrepareProductImport = z.strictObject({
  fileId: id,
  requestedBy,
  /** Of prices that the file names none for; the store's default unless said. */
  currencyCode: currencyCode.optional(),
  /** Where products that are made are sold unless the file says; the store's default unless said. */
  salesChannelId: id.optional(),
})

export const ExportProducts = z.strictObject({
  ...chosen,
  format: z.enum(["medusa", "shopify"]).default("medusa"),
  /** Of Shopify's format, which has one; the store's default unless said. */
  currencyCode: currencyCode.optional(),
  requestedBy,
})

export const ExportRows = z.strictObject({ ...chosen, requestedBy })

export type PrepareProductImport = z.input<typeof PrepareProductImport>
export type ExportProducts = z.input<typeof ExportProducts>
export type ExportRows = z.input<typeof ExportRows>
