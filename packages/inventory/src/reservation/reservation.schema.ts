import { instant } from "@marquetry/kernel"
import { z } from "zod"
import { distinctBy, id, ids, metadata, quantity, requiredQuantity } from "../fields.ts"

const MAX_LINES = 1_000
const MAX_LOCATIONS = 1_000

/** Units of a variant, or of an item. */
export const ReserveLine = z
  .strictObject({
    lineItemId: id.nullable().default(null),
    variantId: id.optional(),
    inventoryItemId: id.optional(),
    quantity,
    /** Units of the item for one unit of the line, by which fulfilling counts; 1 unless said. Of a variant, it is known. */
    requiredQuantity: requiredQuantity.optional(),
    /** Whether more than there is may be promised. */
    allowBackorder: z.boolean().default(false),
  })
  .refine(
    ({ variantId, inventoryItemId }) => (variantId === undefined) !== (inventoryItemId === undefined),
    "either variantId or inventoryItemId",
  )
  .refine(
    ({ variantId, requiredQuantity: required }) => variantId === undefined || required === undefined,
    "what a variant requires is known",
  )

const description = z.string().trim().max(10_000).nullable()

export const ReserveStock = z.strictObject({
  lines: z.array(ReserveLine).max(MAX_LINES),
  /** Where units may be taken, in order of preference. */
  locationIds: z.array(id).max(MAX_LOCATIONS),
  /** When the reservations may be released by themselves; never unless said. */
  expiresAt: instant
    .transform((moment) => moment.toISOString())
    .nullable()
    .default(null),
  externalId: id.nullable().default(null),
  createdBy: id.nullable().default(null),
  description: description.default(null),
  metadata: metadata.default(null),
})

/** Units of one item at one location. */
export const CreateReservation = z.strictObject({
  inventoryItemId: id,
  locationId: id,
  quantity,
  lineItemId: id.nullable().default(null),
  /** As of a {@link ReserveLine}. */
  requiredQuantity: requiredQuantity.default(1),
  createdBy: id.nullable().default(null),
  description: description.default(null),
  metadata: metadata.default(null),
})

/** Which reservations are meant. */
export const ReservationSelector = z.union([
  z.strictObject({ ids }),
  z.strictObject({ lineItemIds: ids }),
  z.strictObject({ externalId: id }),
])

export const FulfilLine = z.strictObject({
  lineItemId: id,
  quantity,
  locationId: id.nullable().default(null),
  /** What a unit is made of, as far as that was ever reserved for the line: none of it may be missing. */
  inventoryItemIds: ids.default([]),
})
export const FulfilLines = z.array(FulfilLine).max(MAX_LINES).refine(distinctBy("lineItemId"), "a line is named twice")

export const UpdateReservation = z.strictObject({ quantity, locationId: id, description, metadata }).exactPartial()

export type ReserveLine = z.input<typeof ReserveLine>
export type CreateReservation = z.input<typeof CreateReservation>
export type ReserveStock = z.input<typeof ReserveStock>
export type ReservationSelector = z.input<typeof ReservationSelector>
/** Units of a line that leave or come back; from any location unless said. */
export type FulfilLine = z.input<typeof FulfilLine>
export type UpdateReservation = z.input<typeof UpdateReservation>
