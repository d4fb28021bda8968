import { closedTier, CreatePriceList, tierIsOpen, UpdatePriceList } from "@marquetry/pricing"
import { z } from "zod"
import { changedPriceFields, id, MAX_VARIANTS, priceFields } from "./catalogue.schema.ts"

/** A price of a list, for a variant. */
export const CreateVariantListPrice = z.strictObject({ ...priceFields, variantId: id }).refine(tierIsOpen, closedTier)

/** What changes of a price; it stays that of its variant, which may be named. */
export const UpdateVariantListPrice = z
  .strictObject({ ...changedPriceFields, id, variantId: id.exactOptional() })
  .refine(tierIsOpen, closedTier)

export const CreateVariantListPrices = z.array(CreateVariantListPrice).max(MAX_VARIANTS)
export const UpdateVariantListPrices = z.array(UpdateVariantListPrice).max(MAX_VARIANTS)

export const CreatePriceListInput = CreatePriceList.extend({
  /** As they are given: the module puts them in order. */
  rules: CreatePriceList.shape.rules.removeDefault().in.default({}),
  prices: CreateVariantListPrices.default([]),
})

/** Rules as they are given, likewise. */
export const UpdatePriceListInput = UpdatePriceList.extend({
  rules: UpdatePriceList.shape.rules.unwrap().in.exactOptional(),
})

export type CreateVariantListPrice = z.input<typeof CreateVariantListPrice>
export type UpdateVariantListPrice = z.input<typeof UpdateVariantListPrice>
export type CreatePriceListInput = z.input<typeof CreatePriceListInput>
export type UpdatePriceListInput = z.input<typeof UpdatePriceListInput>
