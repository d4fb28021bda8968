import { Amount, findCurrency, isAmountLike, type AmountLike } from "@marquetry/money"
import { z } from "zod"

/** Lines that an order holds at most. */
const MAX_LINES = 500
/** Pieces that a line holds at most. */
const MAX_QUANTITY = 1_000_000

export const entityId = z.string().min(1).max(200)
export const text = (max: number) => z.string().max(max).nullable()
export const metadata = z.record(z.string(), z.unknown()).nullable()
export const email = z.string().trim().toLowerCase().pipe(z.email().max(320))
const decimal = z.custom<AmountLike>(isAmountLike, "a decimal number").transform((value) => Amount.of(value))
/** Major units, not negative; kept exactly. */
const amount = decimal.refine((value) => !value.isNegative(), "an amount that is not negative").transform(String)
const currencyCode = z
  .string()
  .trim()
  .toLowerCase()
  .refine((code) => findCurrency(code) !== null, "an ISO 4217 currency code")

const address = {
  customerId: entityId.nullable(),
  firstName: text(200),
  lastName: text(200),
  company: text(200),
  address1: text(500),
  address2: text(500),
  city: text(200),
  countryCode: z.string().trim().toLowerCase().max(10).nullable(),
  province: text(200),
  postalCode: text(50),
  phone: text(100),
  metadata,
}

/** Everything of an address may be missing or empty: what an address needs is for the country, or the carrier, to say. */
export const OrderAddressInput = z.strictObject({
  customerId: address.customerId.default(null),
  firstName: address.firstName.default(null),
  lastName: address.lastName.default(null),
  company: address.company.default(null),
  address1: address.address1.default(null),
  address2: address.address2.default(null),
  city: address.city.default(null),
  countryCode: address.countryCode.default(null),
  province: address.province.default(null),
  postalCode: address.postalCode.default(null),
  phone: address.phone.default(null),
  metadata: metadata.default(null),
})

/** What is not named stays as it is, what is `null` goes; `metadata` is merged as that of an order. */
export const UpdateOrderAddress = z.strictObject(address).exactPartial()

/** A discount on a line or a shipping method. */
export const OrderAdjustmentInput = z.strictObject({
  amount,
  isTaxInclusive: z.boolean().default(false),
  code: text(200).default(null),
  promotionId: entityId.nullable().default(null),
  description: text(1_000).default(null),
  providerId: entityId.nullable().default(null),
})

/** A tax on a line or a shipping method. */
export const OrderTaxLineInput = z.strictObject({
  /** Per cent. */
  rate: amount,
  code: text(200).default(null),
  description: text(1_000).default(null),
  taxRateId: entityId.nullable().default(null),
  providerId: entityId.nullable().default(null),
})

const parts = {
  adjustments: z.array(OrderAdjustmentInput).max(100).default([]),
  taxLines: z.array(OrderTaxLineInput).max(100).default([]),
}
const quantity = z.int().min(1).max(MAX_QUANTITY)

/** A line as it is sold. */
export const NewOrderLineItem = z.strictObject({
  /** Where it must be known before the order is there, as to who reserves stock for it: `ordli_` and a ULID. */
  id: z
    .string()
    .regex(/^ordli_[0-9A-Z]{26}$/)
    .optional(),
  title: z.string().max(500),
  subtitle: text(500).default(null),
  thumbnail: text(5_000).default(null),
  quantity,
  variantId: entityId.nullable().default(null),
  productId: entityId.nullable().default(null),
  productTitle: text(500).default(null),
  productDescription: text(100_000).default(null),
  productSubtitle: text(500).default(null),
  productType: text(500).default(null),
  productTypeId: entityId.nullable().default(null),
  productCollection: text(500).default(null),
  productHandle: text(500).default(null),
  variantSku: text(500).default(null),
  variantBarcode: text(500).default(null),
  variantTitle: text(500).default(null),
  variantOptionValues: z.record(z.string(), z.string()).nullable().default(null),
  requiresShipping: z.boolean().default(true),
  isDiscountable: z.boolean().default(true),
  isGiftcard: z.boolean().default(false),
  isTaxInclusive: z.boolean().default(false),
  isCustomPrice: z.boolean().default(false),
  unitPrice: amount,
  compareAtUnitPrice: amount.nullable().default(null),
  metadata: metadata.default(null),
  ...parts,
})

/** A way of sending the goods. */
export const NewOrderShippingMethod = z.strictObject({
  name: z.string().min(1).max(500),
  description: metadata.default(null),
  amount,
  isTaxInclusive: z.boolean().default(false),
  isCustomAmount: z.boolean().default(false),
  shippingOptionId: entityId.nullable().default(null),
  data: metadata.default(null),
  metadata: metadata.default(null),
  ...parts,
})

export const NewOrderCreditLine = z.strictObject({
  amount,
  reference: text(200).default(null),
  referenceId: entityId.nullable().default(null),
  metadata: metadata.default(null),
})

export const CreateOrder = z.strictObject({
  /** Where it must be known before the order is there: `order_` and a ULID. */
  id: z
    .string()
    .regex(/^order_[0-9A-Z]{26}$/)
    .optional(),
  currencyCode,
  /** The cart that it is made of: a cart becomes one order. */
  cartId: entityId.nullable().default(null),
  customDisplayId: text(200).default(null),
  email: email.nullable().default(null),
  locale: text(50).default(null),
  regionId: entityId.nullable().default(null),
  customerId: entityId.nullable().default(null),
  salesChannelId: entityId.nullable().default(null),
  shippingAddress: OrderAddressInput.nullable().default(null),
  billingAddress: OrderAddressInput.nullable().default(null),
  noNotification: z.boolean().default(false),
  metadata: metadata.default(null),
  items: z.array(NewOrderLineItem).min(1).max(MAX_LINES),
  shippingMethods: z.array(NewOrderShippingMethod).max(20).default([]),
  creditLines: z.array(NewOrderCreditLine).max(100).default([]),
})
export const CreateOrders = z.array(CreateOrder).max(1_000)

/** `metadata` is merged into what there is, key by key; a key given as `null` goes. So is an address, field by field. */
export const UpdateOrder = z
  .strictObject({
    email,
    locale: text(50),
    shippingAddress: UpdateOrderAddress,
    billingAddress: UpdateOrderAddress,
    metadata,
  })
  .exactPartial()

/** What people of the shop say of a change. */
export const UpdateOrderChange = z
  .strictObject({ carryOverPromotions: z.boolean().nullable(), internalNote: text(5_000) })
  .exactPartial()

/** So many pieces of some lines. */
export const OrderQuantities = z
  .array(z.strictObject({ itemId: entityId, quantity }))
  .min(1)
  .max(MAX_LINES)

/** Money that moved, told by whoever moved it. */
export const NewOrderTransaction = z.strictObject({
  orderId: entityId,
  /** Major units; negative is money given back. */
  amount: decimal.refine((value) => !value.isZero(), "an amount other than zero").transform(String),
  currencyCode,
  /** What moved it, `capture` or `refund`, and its id: told twice, it counts once. */
  reference: z.string().min(1).max(200),
  referenceId: entityId,
})
export const NewOrderTransactions = z.array(NewOrderTransaction).max(1_000)

export const OrderIds = z.array(entityId).max(1_000)

export type OrderAddressInput = z.input<typeof OrderAddressInput>
export type OrderAdjustmentInput = z.input<typeof OrderAdjustmentInput>
export type OrderTaxLineInput = z.input<typeof OrderTaxLineInput>
export type NewOrderLineItem = z.input<typeof NewOrderLineItem>
export type NewOrderShippingMethod = z.input<typeof NewOrderShippingMethod>
export type NewOrderCreditLine = z.input<typeof NewOrderCreditLine>
export type CreateOrder = z.input<typeof CreateOrder>
export type UpdateOrder = z.input<typeof UpdateOrder>
export type UpdateOrderAddress = z.input<typeof UpdateOrderAddress>
export type UpdateOrderChange = z.input<typeof UpdateOrderChange>
export type OrderQuantities = z.input<typeof OrderQuantities>
export type NewOrderTransaction = z.input<typeof NewOrderTransaction>
