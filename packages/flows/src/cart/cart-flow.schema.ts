import { CartAddressInput, MAX_LINES, MAX_QUANTITY } from "@marquetry/cart"
import { z } from "zod"

const id = z.string().min(1).max(200)
const metadata = z.record(z.string(), z.unknown()).nullable()
const codes = z.array(z.string().trim().min(1).max(200)).max(100)
const email = z.string().trim().toLowerCase().pipe(z.email().max(320)).nullable()

/** An address, or the id of one that the customer keeps. */
const address = z.union([CartAddressInput, id])

/** So many of a variant. */
export const AddItem = z.strictObject({
  variantId: id,
  quantity: z.int().min(1).max(MAX_QUANTITY),
  metadata: metadata.default(null),
})
export const AddItems = z.array(AddItem).max(MAX_LINES)

export const NewCart = z.strictObject({
  regionId: id.nullable().default(null),
  currencyCode: z.string().trim().toLowerCase().nullable().default(null),
  salesChannelId: id.nullable().default(null),
  email: email.default(null),
  locale: z.string().max(50).nullable().default(null),
  shippingAddress: address.nullable().default(null),
  billingAddress: address.nullable().default(null),
  items: AddItems.default([]),
  promoCodes: codes.default([]),
  metadata: metadata.default(null),
})

/** What is not named stays. An address is replaced as a whole; one without a country stays in the country where it is. */
export const ChangeCart = z
  .strictObject({
    regionId: id,
    salesChannelId: id.nullable(),
    email,
    locale: z.string().max(50).nullable(),
    shippingAddress: address,
    billingAddress: address,
    promoCodes: codes,
    metadata,
  })
  .exactPartial()

/** Zero pieces remove the line. */
export const ChangeItem = z.strictObject({
  quantity: z.int().min(0).max(MAX_QUANTITY),
  metadata: metadata.optional(),
})

export const PromoCodes = codes

export const ChooseShipping = z
  .array(z.strictObject({ optionId: id, data: z.record(z.string(), z.unknown()).default({}) }))
  .min(1)
  .max(20)

export type NewCart = z.input<typeof NewCart>
export type ChangeCart = z.input<typeof ChangeCart>
export type AddItem = z.input<typeof AddItem>
export type ChangeItem = z.input<typeof ChangeItem>
export type ChooseShipping = z.input<typeof ChooseShipping>
