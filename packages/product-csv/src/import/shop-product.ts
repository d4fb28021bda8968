import { parseAmount } from "@marquetry/money"
import type { Measures, Metadata, ProductDraft, ProductStatus, VariantDraft } from "../product-draft.ts"

/** What is read of products besides what every import and export needs. */
export interface Extent {
  readonly categories: boolean
  readonly shippingProfile: boolean
  /** Rules of prices, for those of regions. */
  readonly priceRules: boolean
}

const measures = {
  weight: true,
  length: true,
  width: true,
  height: true,
  hsCode: true,
  originCountry: true,
  midCode: true,
  material: true,
} as const

/** A selection of an {@link ExistingProduct}. */
export const productFields = ({ categories, shippingProfile, priceRules }: Extent) => ({
  id: true as const,
  handle: true as const,
  title: true as const,
  subtitle: true as const,
  description: true as const,
  status: true as const,
  isGiftcard: true as const,
  discountable: true as const,
  thumbnail: true as const,
  externalId: true as const,
  ...measures,
  collectionId: true as const,
  metadata: true as const,
  type: { id: true, value: true } as const,
  tags: { value: true } as const,
  images: { id: true, url: true, metadata: true } as const,
  options: { id: true, title: true } as const,
  variants: {
    id: true,
    title: true,
    sku: true,
    barcode: true,
    ean: true,
    upc: true,
    ...measures,
    manageInventory: true,
    allowBackorder: true,
    metadata: true,
    options: { value: true, optionId: true },
    images: { url: true },
    priceSet: { id: true, prices: priceFields(priceRules) },
  } as const,
  salesChannels: { id: true } as const,
  ...(categories && { categories: { id: true } as const }),
  ...(shippingProfile && { shippingProfile: { id: true } as const }),
})

const priceFields = (rules: boolean) => ({
  id: true as const,
  currencyCode: true as const,
  amount: true as const,
  title: true as const,
  minQuantity: true as const,
  maxQuantity: true as const,
  priceListId: true as const,
  rulesCount: true as const,
  ...(rules && { priceRules: { attribute: true, operator: true, value: true } as const }),
})

type Id = { readonly id: string }
type ExistingMeasures = { readonly [Field in keyof typeof measures]: string | null }

/** The part of an existing product that files tell of. */
export interface ExistingProduct extends ExistingMeasures {
  readonly id: string
  readonly handle: string
  readonly title: string
  readonly subtitle: string | null
  readonly description: string | null
  readonly status: ProductStatus
  readonly isGiftcard: boolean
  readonly discountable: boolean
  readonly thumbnail: string | null
  readonly externalId: string | null
  readonly collectionId: string | null
  readonly metadata: Metadata | null
  readonly type: { readonly id: string; readonly value: string } | null
  readonly tags: readonly { readonly value: string }[]
  readonly images: readonly { readonly id: string; readonly url: string; readonly metadata: Metadata | null }[]
  readonly options: readonly { readonly id: string; readonly title: string }[]
  readonly variants: readonly ExistingVariant[]
  readonly salesChannels: readonly Id[]
  readonly categories?: readonly Id[]
  readonly shippingProfile?: Id | null
}

export interface ExistingVariant extends ExistingMeasures {
  readonly id: string
  readonly title: string
  readonly sku: string | null
  readonly barcode: string | null
  readonly ean: string | null
  readonly upc: string | null
  readonly manageInventory: boolean
  readonly allowBackorder: boolean
  readonly metadata: Metadata | null
  readonly options: readonly { readonly value: string; readonly optionId: string }[]
  readonly images: readonly { readonly url: string }[]
  readonly priceSet: ExistingPriceSet | null
}

export interface ExistingPriceSet {
  readonly id: string
  readonly prices: readonly ExistingPrice[]
}

export interface ExistingPrice {
  readonly id: string
  readonly currencyCode: string
  readonly amount: string
  readonly title: string | null
  readonly minQuantity: string | null
  readonly maxQuantity: string | null
  readonly priceListId: string | null
  readonly rulesCount: number
  readonly priceRules?: readonly {
    readonly attribute: string
    readonly operator: string
    readonly value: string | readonly string[]
  }[]
}

/** What a product is in the terms of a file, but for its prices. */
export function draftOfProduct(product: ExistingProduct): ProductDraft {
  const { metadata, type, collectionId, categories, shippingProfile } = product
  return {
    line: 0,
    id: product.id,
    handle: product.handle,
    title: product.title,
    subtitle: product.subtitle,
    description: product.description === "" ? null : product.description,
    status: product.status,
    published: product.status === "published",
    giftCard: product.isGiftcard,
    discountable: product.discountable,
    thumbnail: product.thumbnail,
    externalId: product.externalId,
    ...measuresOf(product),
    vendor: textOf(metadata, "vendor"),
    seo: { title: textOf(metadata, "seo_title"), description: textOf(metadata, "seo_description") },
    ...(metadata !== null && { metadata }),
    type: type?.value ?? null,
    ...(type !== null && { typeId: type.id }),
    ...(collectionId !== null && { collectionId }),
    tags: product.tags.map(({ value }) => value),
    salesChannelIds: product.salesChannels.map(({ id }) => id),
    ...(categories !== undefined && { categoryIds: categories.map(({ id }) => id) }),
    ...(shippingProfile && { shippingProfileId: shippingProfile.id }),
    options: product.options.map(({ title }) => title),
    variants: product.variants.map((variant) => draftOfVariant(product, variant)),
    images: product.images.map(({ url, metadata: own }) => ({ url, alt: textOf(own, "alt") })),
  }
}

export function draftOfVariant(product: Pick<ExistingProduct, "options">, variant: ExistingVariant): VariantDraft {
  const { metadata } = variant
  return {
    line: 0,
    id: variant.id,
    title: variant.title,
    options: choiceOf(product, variant),
    sku: variant.sku,
    barcode: variant.barcode,
    ean: variant.ean,
    upc: variant.upc,
    ...measuresOf(variant),
    weightUnit: textOf(metadata, "weight_unit"),
    manageInventory: variant.manageInventory,
    allowBackorder: variant.allowBackorder,
    requiresShipping: metadata?.["requires_shipping"] !== false,
    taxable: metadata?.["taxable"] !== false,
    image: variant.images[0]?.url ?? null,
    ...(metadata !== null && { metadata }),
  }
}

/** Values in the order of the product's options. */
export function choiceOf(
  { options }: Pick<ExistingProduct, "options">,
  variant: Pick<ExistingVariant, "options">,
): string[] {
  return options.map(({ id }) => variant.options.find(({ optionId }) => optionId === id)?.value ?? "")
}

const textOf = (metadata: Metadata | null, key: string): string | null => {
  const value = metadata?.[key]
  return typeof value === "string" && value !== "" ? value : null
}

/** Decimals in the spelling that files are read in, whatever the digits that they were written with. */
export const plain = (decimal: string | null): string | null =>
  decimal === null ? null : parseAmount(decimal).toString()

const measuresOf = (row: ExistingMeasures): Measures => ({
  weight: plain(row.weight),
  length: plain(row.length),
  width: plain(row.width),
  height: plain(row.height),
  hsCode: row.hsCode,
  originCountry: row.originCountry,
  midCode: row.midCode,
  material: row.material,
})
