import { z } from "zod"

/** Kept as it is given, empty too: storefronts send all fields of their form. */
const text = z.string().max(500).nullable()

/** Every field a caller may write. */
const writable = {
  addressName: text,
  isDefaultShipping: z.boolean(),
  isDefaultBilling: z.boolean(),
  company: text,
  firstName: text,
  lastName: text,
  address1: text,
  address2: text,
  city: text,
  countryCode: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^([a-z]{2})?$/, "an ISO 3166-1 alpha-2 code")
    .nullable(),
  province: text,
  postalCode: text,
  phone: text,
  metadata: z.record(z.string(), z.unknown()).nullable(),
}

export const CreateAddress = z.strictObject({
  addressName: text.default(null),
  isDefaultShipping: writable.isDefaultShipping.default(false),
  isDefaultBilling: writable.isDefaultBilling.default(false),
  company: text.default(null),
  firstName: text.default(null),
  lastName: text.default(null),
  address1: text.default(null),
  address2: text.default(null),
  city: text.default(null),
  countryCode: writable.countryCode.default(null),
  province: text.default(null),
  postalCode: text.default(null),
  phone: text.default(null),
  metadata: writable.metadata.default(null),
})
export const CreateAddresses = z.array(CreateAddress).max(1_000)
export const UpdateAddress = z.strictObject(writable).exactPartial()

export type CreateAddress = z.input<typeof CreateAddress>
export type CreateAddresses = z.input<typeof CreateAddresses>
export type UpdateAddress = z.input<typeof UpdateAddress>
