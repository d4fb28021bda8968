import { z } from "zod"
import {
  optionalCode,
  optionalLine,
  handle,
  id,
  ids,
  line,
  metadata,
  newHandle,
  newShipping,
  rank,
  shipping,
  text,
  url,
} from "../fields.ts"
import { ProductOptionInput } from "../option/option.schema.ts"
import { CreateVariant, UpdateVariantById } from "../variant/variant.schema.ts"
import { productStatuses } from "./product.entity.ts"

/** Every plain field a caller may write. */
const plain = {
  title: line,
  subtitle: optionalLine,
  description: text.nullable(),
  handle,
  status: z.enum(productStatuses),
  isGiftcard: z.boolean(),
  discountable: z.boolean(),
  thumbnail: url.nullable(),
  externalId: optionalCode,
  typeId: id.nullable(),
  collectionId: id.nullable(),
  ...shipping,
  metadata,
}

const image = { url, rank, metadata }

export const CreateImage = z.strictObject({
  ...image,
  /** Its place in the list unless given. */
  rank: image.rank.optional(),
  metadata: image.metadata.default(null),
})

/** An image of the product by its id, or a new one. */
const ReplacedImage = z.union([z.strictObject(image).exactPartial().extend({ id }), CreateImage])

const images = <Image extends z.ZodType>(schema: Image) => z.array(schema).max(500)
const variants = <Variant extends z.ZodType>(schema: Variant) => z.array(schema).max(2_000)
const options = z.array(ProductOptionInput).max(50)

export const CreateProduct = z.strictObject({
  ...plain,
  ...newShipping,
  subtitle: plain.subtitle.default(null),
  description: plain.description.default(null),
  /** Made from the title unless given. */
  handle: newHandle,
  status: plain.status.default("draft"),
  isGiftcard: plain.isGiftcard.default(false),
  discountable: plain.discountable.default(true),
  /** The first image unless given. */
  thumbnail: plain.thumbnail.optional(),
  externalId: plain.externalId.default(null),
  typeId: plain.typeId.default(null),
  collectionId: plain.collectionId.default(null),
  metadata: plain.metadata.default(null),
  tagIds: ids.default([]),
  categoryIds: ids.default([]),
  images: images(CreateImage).default([]),
  options: options.default([]),
  variants: variants(CreateVariant).default([]),
})

/** Lists are whole: what they do not name is taken away. */
export const UpdateProduct = z
  .strictObject({
    ...plain,
    tagIds: ids,
    categoryIds: ids,
    images: images(ReplacedImage),
    /** One that the product has is named by its id or its title. */
    options,
    variants: variants(z.union([UpdateVariantById, CreateVariant])),
  })
  .exactPartial()

export const UpdateProductById = UpdateProduct.extend({ id })

export type CreateImage = z.input<typeof CreateImage>
export type CreateProduct = z.input<typeof CreateProduct>
export type UpdateProduct = z.input<typeof UpdateProduct>
export type UpdateProductById = z.input<typeof UpdateProductById>
