import { z } from "zod"

const metadata = z.record(z.string(), z.unknown()).nullable()
/** A line that may be missing. */
const line = z.string().trim().max(500).nullable().default(null)

/** A whole address: what is left out is empty. */
export const StockLocationAddressInput = z.strictObject({
  /** May be empty: a warehouse that is known by its city alone. */
  address1: z.string().trim().max(500),
  address2: line,
  company: line,
  city: line,
  countryCode: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[a-z]{2}$/, "an ISO 3166-1 alpha-2 code"),
  phone: line,
  province: line,
  postalCode: line,
  metadata: metadata.default(null),
})

/** Every field a caller may write. */
const writable = {
  name: z.string().trim().min(1).max(200),
  /** On update, the whole address; `null` clears it. */
  address: StockLocationAddressInput.nullable(),
  metadata,
}

export const CreateStockLocation = z.strictObject({
  ...writable,
  address: writable.address.default(null),
  metadata: metadata.default(null),
})
export const CreateStockLocations = z.array(CreateStockLocation).max(10_000)
export const UpdateStockLocation = z.strictObject(writable).exactPartial()

export type StockLocationAddressInput = z.input<typeof StockLocationAddressInput>
export type CreateStockLocation = z.input<typeof CreateStockLocation>
export type CreateStockLocations = z.input<typeof CreateStockLocations>
export type UpdateStockLocation = z.input<typeof UpdateStockLocation>
