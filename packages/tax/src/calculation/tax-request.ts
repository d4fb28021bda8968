import { z } from "zod"
import { countryCode, decimal, id } from "../tax/fields.ts"

const text = z.string().max(1_000).nullable().optional()
const number = decimal.transform(String)

const Address = z.strictObject({
  countryCode,
  /** `us-ca`, or `CA` for short. What is no code of a province is none of ours, and harmless. */
  provinceCode: text,
  // For providers that know taxes of cities and streets.
  city: text,
  postalCode: text,
  address1: text,
  address2: text,
})

const Item = z.strictObject({
  id,
  /** `null` for what is in no catalogue. */
  productId: id.nullable(),
  productTypeId: id.nullable(),
  quantity: number,
  /** Major units. */
  unitPrice: number,
  isTaxInclusive: z.boolean().default(false),
})

const ShippingMethod = z.strictObject({
  id,
  shippingOptionId: id.nullable(),
  /** Major units. */
  amount: number,
  isTaxInclusive: z.boolean().default(false),
})

const MAX_LINES = 10_000

/** What is sold, to where and to whom. Ids of items and shipping methods are the caller's own. */
export const TaxRequest = z.strictObject({
  address: Address,
  /** ISO 4217. */
  currencyCode: z.string().trim().toLowerCase().length(3),
  customer: z
    .strictObject({
      id,
      email: z.string().max(1_000).nullable().optional(),
      groupIds: z.array(id).max(1_000).optional(),
    })
    .nullable()
    .optional(),
  items: z.array(Item).max(MAX_LINES).default([]),
  shippingMethods: z.array(ShippingMethod).max(MAX_LINES).default([]),
  /** Whether goods come back: some authorities want to know. */
  isReturn: z.boolean().default(false),
})

export type TaxRequestInput = z.input<typeof TaxRequest>
export type TaxRequest = z.output<typeof TaxRequest>
export type TaxItem = z.output<typeof Item>
export type TaxShippingMethod = z.output<typeof ShippingMethod>
