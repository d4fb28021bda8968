import { instant } from "@marquetry/kernel"
import { z } from "zod"
import { data, decimal, id, metadata, name } from "../fields.ts"

const text = z.string().trim().max(1_000).nullable().default(null)
const code = z
  .string()
  .trim()
  .max(200)
  .nullish()
  .transform((value) => value ?? "")

const Address = z.strictObject({
  company: text,
  firstName: text,
  lastName: text,
  address1: text,
  address2: text,
  city: text,
  countryCode: text,
  province: text,
  postalCode: text,
  phone: text,
  metadata: metadata.default(null),
})

const Item = z.strictObject({
  title: z.string().trim().min(1).max(1_000),
  sku: code,
  barcode: code,
  quantity: decimal.refine((value) => value.isPositive(), "a quantity above zero").transform(String),
  lineItemId: id.nullable().default(null),
  inventoryItemId: id.nullable().default(null),
})

const link = z.string().trim().max(5_000)
const Label = z.strictObject({ trackingNumber: z.string().trim().max(500), trackingUrl: link, labelUrl: link })
export const Labels = z.array(Label).max(1_000)

export const CreateFulfillment = z
  .strictObject({
    /** Where it must be known before the fulfillment is there, as to who links it: `ful_` and a ULID. */
    id: z
      .string()
      .regex(/^ful_[0-9A-Z]{26}$/)
      .optional(),
    locationId: id,
    providerId: id,
    shippingOptionId: id.nullable().default(null),
    deliveryAddress: Address.nullable().default(null),
    items: z.array(Item).min(1).max(10_000),
    labels: Labels.default([]),
    requiresShipping: z.boolean().default(true),
    /** What the buyer's choice was made with, for the provider. */
    data: data.default(null),
    /** Now, unless said. */
    packedAt: instant.nullable().default(() => new Date()),
    // For what is taken over from elsewhere.
    shippedAt: instant.nullable().default(null),
    deliveredAt: instant.nullable().default(null),
    canceledAt: instant.nullable().default(null),
    createdBy: id.nullable().default(null),
    metadata: metadata.default(null),
  })
  .refine(
    ({ canceledAt, shippedAt, deliveredAt }) => canceledAt === null || (shippedAt === null && deliveredAt === null),
    { path: ["canceledAt"], message: "not beside shippedAt and deliveredAt" },
  )

export const ShipFulfillment = z.strictObject({
  labels: Labels.default([]),
  /** The id of a user. */
  markedShippedBy: name.nullable().default(null),
  /** Laid over those that it has, key by key. */
  metadata: metadata.default(null),
})

export type CreateFulfillment = z.input<typeof CreateFulfillment>
export type ShipFulfillment = z.input<typeof ShipFulfillment>
