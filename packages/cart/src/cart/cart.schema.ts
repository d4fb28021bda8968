import { Amount, findCurrency, isAmountLike, type AmountLike } from "@marquetry/money"
import { z } from "zod"

/** Lines that a cart holds at most. */
export const MAX_LINES = 500
/** Pieces that a line holds at most. */
export const MAX_QUANTITY = 1_000_000

const id = z.string().min(1).max(200)
const text = (max: number) => z.string().max(max).nullable()
const metadata = z.record(z.string(), z.unknown()).nullable()
/** Major units, not negative; kept exactly. */
const amount = z
  .custom<AmountLike>(isAmountLike, "a decimal number")
  .transform((value) => Amount.of(value))
  .refine((value) => !value.isNegative(), "an amount that is not negative")
  .transform(String)

/** Everything of an address may be missing or empty: what an address needs is for the country, or the carrier, to say. */
export const CartAddressInput = z.strictObject({
  customerId: id.nullable().default(null),
  firstName: text(200).default(null),
  lastName: text(200).default(null),
  company: text(200).default(null),
  address1: text(500).default(null),
  address2: text(500).default(null),
  city: text(200).default(null),
  countryCode: z.string().trim().toLowerCase().max(10).nullable().default(null),
  province: text(200).default(null),
  postalCode: text(50).default(null),
  phone: text(100).default(null),
  metadata: metadata.default(null),
})

/** A discount on a line or a shipping method. */
export const CartAdjustmentInput = z.strictObject({
  amount,
  isTaxInclusive: z.boolean().default(false),
  code: text(200).default(null),
  promotionId: id.nullable().default(null),
  description: text(1_000).default(null),
  providerId: id.nullable().default(null),
})

/** A tax on a line or a shipping method. */
export const CartTaxLineInput = z.strictObject({
  /** Per cent. */
  rate: amount,
  code: text(200).default(null),
  description: text(1_000).default(null),
  taxRateId: id.nullable().default(null),
  providerId: id.nullable().default(null),
})

const quantity = z.int().min(1).max(MAX_QUANTITY)
const adjustments = z.array(CartAdjustmentInput).max(100)
const taxLines = z.array(CartTaxLineInput).max(100)

/** Whatever a caller may write of a line. */
const line = {
  title: z.string().max(500),
  subtitle: text(500),
  thumbnail: text(5_000),
  quantity,
  variantId: id.nullable(),
  productId: id.nullable(),
  productTitle: text(500),
  productDescription: text(100_000),
  productSubtitle: text(500),
  productType: text(500),
  productTypeId: id.nullable(),
  productCollection: text(500),
  productHandle: text(500),
  variantSku: text(500),
  variantBarcode: text(500),
  variantTitle: text(500),
  variantOptionValues: z.record(z.string(), z.string()).nullable(),
  requiresShipping: z.boolean(),
  isDiscountable: z.boolean(),
  isGiftcard: z.boolean(),
  isTaxInclusive: z.boolean(),
  isCustomPrice: z.boolean(),
  unitPrice: amount,
  compareAtUnitPrice: amount.nullable(),
  metadata,
  adjustments,
  taxLines,
}

/** A line to be added. */
export const NewCartLineItem = z.strictObject({
  ...line,
  subtitle: line.subtitle.default(null),
  thumbnail: line.thumbnail.default(null),
  variantId: line.variantId.default(null),
  productId: line.productId.default(null),
  productTitle: line.productTitle.default(null),
  productDescription: line.productDescription.default(null),
  productSubtitle: line.productSubtitle.default(null),
  productType: line.productType.default(null),
  productTypeId: line.productTypeId.default(null),
  productCollection: line.productCollection.default(null),
  productHandle: line.productHandle.default(null),
  variantSku: line.variantSku.default(null),
  variantBarcode: line.variantBarcode.default(null),
  variantTitle: line.variantTitle.default(null),
  variantOptionValues: line.variantOptionValues.default(null),
  requiresShipping: line.requiresShipping.default(true),
  isDiscountable: line.isDiscountable.default(true),
  isGiftcard: line.isGiftcard.default(false),
  isTaxInclusive: line.isTaxInclusive.default(false),
  isCustomPrice: line.isCustomPrice.default(false),
  compareAtUnitPrice: line.compareAtUnitPrice.default(null),
  metadata: metadata.default(null),
  adjustments: adjustments.default([]),
  taxLines: taxLines.default([]),
})
export const NewCartLineItems = z.array(NewCartLineItem).max(MAX_LINES)
export const UpdateCartLineItem = z.strictObject(line).exactPartial()

/** A way of sending the goods. */
export const NewCartShippingMethod = z.strictObject({
  name: z.string().min(1).max(500),
  description: metadata.default(null),
  amount,
  isTaxInclusive: z.boolean().default(false),
  shippingOptionId: id.nullable().default(null),
  data: metadata.default(null),
  metadata: metadata.default(null),
  adjustments: adjustments.default([]),
  taxLines: taxLines.default([]),
})
export const NewCartShippingMethods = z.array(NewCartShippingMethod).max(20)

export const NewCartCreditLine = z.strictObject({
  amount,
  reference: text(200).default(null),
  referenceId: id.nullable().default(null),
  metadata: metadata.default(null),
})

/** Every field of the cart itself that a caller may write. */
const writable = {
  email: z.string().trim().toLowerCase().pipe(z.email().max(320)).nullable(),
  locale: text(50),
  regionId: id.nullable(),
  customerId: id.nullable(),
  salesChannelId: id.nullable(),
  shippingAddress: CartAddressInput.nullable(),
  billingAddress: CartAddressInput.nullable(),
  promoCodes: z.array(z.string().trim().min(1).max(200)).max(100),
  metadata,
}
const currencyCode = z
  .string()
  .trim()
  .toLowerCase()
  .refine((code) => findCurrency(code) !== null, "an ISO 4217 currency code")

export const CreateCart = z.strictObject({
  currencyCode,
  email: writable.email.default(null),
  locale: writable.locale.default(null),
  regionId: writable.regionId.default(null),
  customerId: writable.customerId.default(null),
  salesChannelId: writable.salesChannelId.default(null),
  shippingAddress: writable.shippingAddress.default(null),
  billingAddress: writable.billingAddress.default(null),
  promoCodes: writable.promoCodes.default([]),
  metadata: metadata.default(null),
  items: NewCartLineItems.default([]),
})
/** `metadata` is merged into what there is, key by key; a key given as `null` goes. */
export const UpdateCart = z.strictObject(writable).exactPartial()

export type CreateCart = z.input<typeof CreateCart>
export type UpdateCart = z.input<typeof UpdateCart>
export type CartAddressInput = z.input<typeof CartAddressInput>
export type NewCartLineItem = z.input<typeof NewCartLineItem>
export type UpdateCartLineItem = z.input<typeof UpdateCartLineItem>
export type NewCartShippingMethod = z.input<typeof NewCartShippingMethod>
export type NewCartCreditLine = z.input<typeof NewCartCreditLine>
export type CartAdjustmentInput = z.input<typeof CartAdjustmentInput>
export type CartTaxLineInput = z.input<typeof CartTaxLineInput>
