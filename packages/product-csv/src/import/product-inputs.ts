import type { CreateProduct, CreateVariant, UpdateProductById } from "@marquetry/product"
import type { ImageDraft, ProductDraft, VariantDraft } from "../product-draft.ts"
import { canonical } from "./comparable.ts"
import { mergedMetadata, productMetadata, variantMetadata } from "./own-metadata.ts"
import { choiceOf, type ExistingProduct, type ExistingVariant } from "./shop-product.ts"

/** Ids of types and tags by value. */
export interface Labels {
  readonly types: ReadonlyMap<string, string>
  readonly tags: ReadonlyMap<string, string>
}

type Said<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> }

/** Only what is said: an update refuses what is there and undefined. */
const said = <Fields extends object>(fields: Fields): Said<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Said<Fields>

/** A product that is new. Its title is there: whoever calls has looked. */
export function createInput(draft: ProductDraft, labels: Labels): CreateProduct {
  const metadata = draft.metadata ?? productMetadata(draft)
  return {
    ...plainFields(draft, labels),
    title: draft.title as string,
    status: statusOf(draft, "draft"),
    ...(metadata !== undefined && { metadata: { ...metadata } }),
    ...(draft.handle !== null && { handle: draft.handle }),
    ...(draft.options !== undefined && { options: optionsOf(draft) }),
    variants: draft.variants.map((variant, index) => newVariant(draft, variant, index)),
    ...(draft.images !== undefined && { images: draft.images.map((image, rank) => newImage(image, rank)) }),
  }
}

export function updateInput(
  draft: ProductDraft,
  product: ExistingProduct,
  matches: ReadonlyMap<VariantDraft, ExistingVariant>,
  labels: Labels,
): UpdateProductById {
  const own = productMetadata(draft)
  const metadata = draft.metadata ?? (own && mergedMetadata(product.metadata, own))
  return {
    id: product.id,
    ...plainFields(draft, labels),
    ...(draft.handle !== null && { handle: draft.handle }),
    status: statusOf(draft, product.status),
    ...(metadata !== undefined && { metadata: { ...metadata } }),
    ...said({ options: changedOptions(draft, product) }),
    ...(draft.variants.length > 0 && { variants: changedVariants(draft, product, matches) }),
    ...(draft.images !== undefined && changedImages(draft.images, product, draft.thumbnail === undefined)),
  }
}

function plainFields(draft: ProductDraft, { types, tags }: Labels) {
  const { type } = draft
  return said({
    title: draft.title,
    subtitle: draft.subtitle,
    description: draft.description,
    isGiftcard: draft.giftCard,
    discountable: draft.discountable,
    thumbnail: draft.thumbnail,
    externalId: draft.externalId,
    ...measuresOf(draft),
    collectionId: draft.collectionId,
    typeId: draft.typeId ?? (type === undefined || type === null ? type : types.get(type)),
    tagIds: draft.tags?.flatMap((tag) => tags.get(tag) ?? []),
    categoryIds: draft.categoryIds === undefined ? undefined : [...draft.categoryIds],
  })
}

const measuresOf = (draft: ProductDraft | VariantDraft) => ({
  weight: draft.weight,
  length: draft.length,
  width: draft.width,
  height: draft.height,
  hsCode: draft.hsCode,
  originCountry: draft.originCountry,
  midCode: draft.midCode,
  material: draft.material,
})

/** A file that knows published products and others leaves the others as they are. */
function statusOf({ status, published }: ProductDraft, now: ExistingProduct["status"]): ExistingProduct["status"] {
  if (status !== undefined) return status
  if (published === true) return "published"
  return published === false && now === "published" ? "draft" : now
}

/** What a product offers from now on; `undefined` where that is what its variants are choices of already. */
function changedOptions(draft: ProductDraft, product: ExistingProduct) {
  if (draft.options === undefined) return undefined
  const before = product.options.map(({ title }, index) => ({
    title,
    values: [...new Set(product.variants.map((variant) => choiceOf(product, variant)[index] as string))],
  }))
  const wanted = optionsOf(draft).map(({ title, values }) => {
    const kept = draft.incomplete === true ? before.find((option) => option.title === title)?.values : undefined
    return { title, values: [...new Set([...(kept ?? []), ...values])] }
  })
  return canonical(wanted) === canonical(before) ? undefined : wanted
}

const optionsOf = ({ options = [], variants }: ProductDraft) =>
  options.map((title, index) => ({
    title,
    values: [...new Set(variants.map((variant) => variant.options[index] as string))],
  }))

const variantFields = (variant: VariantDraft) =>
  said({
    sku: variant.sku,
    barcode: variant.barcode,
    ean: variant.ean,
    upc: variant.upc,
    ...measuresOf(variant),
    manageInventory: variant.manageInventory,
    allowBackorder: variant.allowBackorder,
  })

const choice = ({ options = [] }: ProductDraft, variant: VariantDraft) =>
  Object.fromEntries(options.map((title, index) => [title, variant.options[index] as string]))

function titleOf(draft: ProductDraft, variant: VariantDraft): string | undefined {
  if (variant.title !== undefined) return variant.title
  return variant.options.length === 0 ? draft.title : variant.options.join(" / ")
}

function newVariant(draft: ProductDraft, variant: VariantDraft, variantRank: number): CreateVariant {
  const metadata = variant.metadata ?? variantMetadata(variant)
  const title = titleOf(draft, variant)
  return {
    ...variantFields(variant),
    ...(title !== undefined && { title }),
    variantRank,
    options: choice(draft, variant),
    ...(metadata !== undefined && { metadata: { ...metadata } }),
  }
}

function changedVariants(
  draft: ProductDraft,
  product: ExistingProduct,
  matches: ReadonlyMap<VariantDraft, ExistingVariant>,
): NonNullable<UpdateProductById["variants"]> {
  const kept = new Set([...matches.values()].map(({ id }) => id))
  const unread = draft.incomplete === true ? product.variants.filter(({ id }) => !kept.has(id)) : []
  return [
    ...draft.variants.map((variant, variantRank) => {
      const before = matches.get(variant)
      if (before === undefined) return newVariant(draft, variant, variantRank)
      const own = variantMetadata(variant)
      const metadata = variant.metadata ?? (own && mergedMetadata(before.metadata, own))
      // A file that says all of a product says its title too: that of a variant goes with it.
      const title = variant.title ?? (own && titleOf(draft, variant))
      return {
        id: before.id,
        ...variantFields(variant),
        ...(title !== undefined && { title }),
        variantRank,
        ...(draft.options !== undefined && { options: choice(draft, variant) }),
        ...(metadata !== undefined && { metadata: { ...metadata } }),
      }
    }),
    ...unread.map(({ id }) => ({ id })),
  ]
}

const newImage = ({ url, alt }: ImageDraft, rank: number) => ({
  url,
  rank,
  metadata: alt === undefined || alt === null ? null : { alt },
})

/** Images by their URLs; the thumbnail goes with the first one where it was one of those that are gone. */
function changedImages(images: readonly ImageDraft[], product: ExistingProduct, followed: boolean) {
  const before = new Map(product.images.map((image) => [image.url, image]))
  const urls = new Set(images.map(({ url }) => url))
  const { thumbnail } = product
  const isGone = thumbnail === null ? before.size === 0 : before.has(thumbnail) && !urls.has(thumbnail)
  return {
    images: images.map((image, rank) => {
      const known = before.get(image.url)
      if (known === undefined) return newImage(image, rank)
      if (image.alt === undefined) return { id: known.id, url: image.url, rank }
      const own = newImage(image, rank)
      return { ...own, id: known.id, metadata: mergedMetadata(known.metadata, own.metadata ?? {}) }
    }),
    ...(followed && isGone && { thumbnail: images[0]?.url ?? null }),
  }
}
