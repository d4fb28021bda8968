import { SetVariantItems } from "@marquetry/inventory"
import { closedTier, CreatePrice, PriceRuleInput, tierIsOpen, UpdatePrice } from "@marquetry/pricing"
import { CreateProduct, CreateVariant, UpdateProduct, UpdateVariant } from "@marquetry/product"
import { z } from "zod"

/* Made from the schemas of the modules: a field that one of them gets is a field here. What they answer can be given to
   them again: routes check a body, and flows do. */

export const id = z.string().min(1).max(100)
const named = z.array(z.strictObject({ id })).max(1_000)

/** Values by attribute, all of which must be met: `{ region_id: "reg_…" }`. */
const rules = z.record(PriceRuleInput.shape.attribute, z.string().min(1).max(500))

/** The fields of a price with its rules in short. */
export const priceFields = { ...CreatePrice.shape, rules: rules.default({}) }
export const changedPriceFields = { ...UpdatePrice.shape, rules: rules.exactOptional() }

const NewPrice = z.strictObject(priceFields).refine(tierIsOpen, closedTier)

/** A price that a variant shall have: a new one, or one that it has, of which only what is named changes. */
const ChangedPrice = z
  .strictObject({ ...changedPriceFields, id: id.exactOptional() })
  .refine(tierIsOpen, closedTier)
  .refine(
    (price) => price.id !== undefined || (price.currencyCode !== undefined && price.amount !== undefined),
    "a currency and an amount, or the id of a price",
  )

const newPrices = z.array(NewPrice).max(1_000).default([])
const changedPrices = z.array(ChangedPrice).max(1_000).exactOptional()

export const CreateVariantInput = CreateVariant.extend({
  prices: newPrices,
  /** What it is made of; where nothing is named and its stock is counted, an item of its own. */
  inventoryItems: SetVariantItems.shape.items.default([]),
})
export const UpdateVariantInput = UpdateVariant.extend({
  /** All prices that are in no price list. */
  prices: changedPrices,
})
export const UpdateVariantInputById = UpdateVariantInput.extend({ id })

export const CreateProductInput = CreateProduct.omit({ tagIds: true, categoryIds: true }).extend({
  tags: named.default([]),
  categories: named.default([]),
  /** Where it is sold; in the default channel of the store unless said. */
  salesChannels: named.exactOptional(),
  /** How it is sent; without one it is not. */
  shippingProfileId: id.nullable().default(null),
  variants: z.array(CreateVariantInput).max(2_000).default([]),
})

/** Lists are whole: what they do not name is taken away. */
export const UpdateProductInput = UpdateProduct.omit({ tagIds: true, categoryIds: true }).extend({
  tags: named.exactOptional(),
  categories: named.exactOptional(),
  salesChannels: named.exactOptional(),
  shippingProfileId: id.nullable().exactOptional(),
  /** Options that there are already, beside those of `options`: in short for `{ id }`. */
  optionIds: z.array(id).max(50).exactOptional(),
  variants: z
    .array(z.union([UpdateVariantInputById, CreateVariantInput]))
    .max(2_000)
    .exactOptional(),
})
export const UpdateProductInputById = UpdateProductInput.extend({ id })

/** Products and variants that one call may write. */
const MAX_PRODUCTS = 5_000
export const MAX_VARIANTS = 10_000

const products = <Product extends z.ZodType<{ variants?: readonly unknown[] }>>(product: Product) =>
  z
    .array(product)
    .max(MAX_PRODUCTS)
    .refine(
      (list) => list.reduce((sum, { variants = [] }) => sum + variants.length, 0) <= MAX_VARIANTS,
      `${MAX_VARIANTS} variants at most`,
    )

export const CreateProductInputs = products(CreateProductInput)
export const UpdateProductInputs = products(UpdateProductInputById)
export const CreateVariantInputs = z.array(CreateVariantInput).max(MAX_VARIANTS)
export const UpdateVariantInputs = z.array(UpdateVariantInputById).max(MAX_VARIANTS)

export const VariantIds = z.array(id).max(MAX_VARIANTS)

export type CreateVariantInput = z.input<typeof CreateVariantInput>
export type UpdateVariantInput = z.input<typeof UpdateVariantInput>
export type UpdateVariantInputById = z.input<typeof UpdateVariantInputById>
export type CreateProductInput = z.input<typeof CreateProductInput>
export type UpdateProductInput = z.input<typeof UpdateProductInput>
export type UpdateProductInputById = z.input<typeof UpdateProductInputById>

/** Inputs once they are checked. */
export type NewProduct = z.output<typeof CreateProductInput>
export type NewVariant = z.output<typeof CreateVariantInput>
export type ChangedProduct = z.output<typeof UpdateProductInputById>
export type ChangedVariant = z.output<typeof UpdateVariantInputById>
export type NewPrice = z.output<typeof NewPrice>
export type WantedPrice = z.output<typeof ChangedPrice>
