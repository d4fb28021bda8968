import { CreateShippingOption, UpdateShippingOption } from "@marquetry/fulfillment"
import { CreatePrice } from "@marquetry/pricing"
import { z } from "zod"

/* Made from the schemas of the modules, like those of the rest of a shop: see `setup.schema.ts`. */

const { amount, currencyCode } = CreatePrice.shape
const id = z.string().min(1).max(100)

/** For carts whose goods cost so much. */
const ItemTotalRule = z.strictObject({
  attribute: z.literal("item_total"),
  operator: z.enum(["eq", "gt", "gte", "lt", "lte"]),
  value: amount,
})

const place = {
  currencyCode: currencyCode.exactOptional(),
  /** In the currency of the region, and for no other. */
  regionId: id.exactOptional(),
  /** All must be met; on update, the whole list. */
  rules: z.array(ItemTotalRule).max(50).exactOptional(),
}
interface Place {
  readonly currencyCode?: string
  readonly regionId?: string
}
const isOne = ({ currencyCode, regionId }: Place) => (currencyCode === undefined) !== (regionId === undefined)
const isBoth = ({ currencyCode, regionId }: Place) => currencyCode !== undefined && regionId !== undefined

const NewShippingPrice = z.strictObject({ ...place, amount }).refine(isOne, "either a currency or a region")

/** A price that an option shall have: a new one, or one that it has, of which only what is named changes. */
const ChangedShippingPrice = z
  .strictObject({ ...place, amount: amount.exactOptional(), id: id.exactOptional() })
  .refine(
    (price) => (price.id === undefined ? isOne(price) && price.amount !== undefined : !isBoth(price)),
    "an amount with either a currency or a region, or the id of a price",
  )

const MAX_PRICES = 1_000

export const CreateShippingOptionInput = CreateShippingOption.safeExtend({
  prices: z.array(NewShippingPrice).max(MAX_PRICES).default([]),
})
export const UpdateShippingOptionInput = UpdateShippingOption.safeExtend({
  /** All of them: what is not named by its id is taken away. */
  prices: z.array(ChangedShippingPrice).max(MAX_PRICES).exactOptional(),
})

export type CreateShippingOptionInput = z.input<typeof CreateShippingOptionInput>
export type UpdateShippingOptionInput = z.input<typeof UpdateShippingOptionInput>
/** A price once it is checked. */
export type WantedShippingPrice = z.output<typeof ChangedShippingPrice>
