import type { ProductDraft, VariantDraft } from "../product-draft.ts"
import { choiceOf, draftOfProduct, type ExistingProduct, type ExistingVariant } from "./shop-product.ts"

/** Option values as the key of a variant. */
export const choiceKey = (values: readonly string[]): string => JSON.stringify(values)

/** The variant of the product that each one of the draft is: by its id, its option values, or its SKU. */
export function matchVariants(draft: ProductDraft, product: ExistingProduct): Map<VariantDraft, ExistingVariant> {
  const left = new Map(product.variants.map((variant) => [variant.id, variant]))
  const matches = new Map<VariantDraft, ExistingVariant>()
  const take = (variant: VariantDraft, found: ExistingVariant | undefined) => {
    if (found === undefined || !left.delete(found.id)) return
    matches.set(variant, found)
  }
  for (const variant of draft.variants) if (variant.id !== undefined) take(variant, left.get(variant.id))
  const isChoice = draft.options !== undefined || product.options.length === 0
  const byKey = new Map<string, ExistingVariant>()
  for (const variant of left.values())
    byKey.set(isChoice ? choiceKey(choiceOf(product, variant)) : (variant.sku ?? ""), variant)
  for (const variant of draft.variants) {
    if (matches.has(variant)) continue
    const key = isChoice ? choiceKey(variant.options) : (variant.sku ?? "")
    if (key !== "") take(variant, byKey.get(key))
  }
  return matches
}

const productKeys = [
  "title",
  "subtitle",
  "description",
  "status",
  "published",
  "giftCard",
  "discountable",
  "thumbnail",
  "externalId",
  "weight",
  "length",
  "width",
  "height",
  "hsCode",
  "originCountry",
  "midCode",
  "material",
  "vendor",
  "seo",
  "metadata",
  "collectionId",
  "typeId",
  "type",
  "options",
] as const satisfies readonly (keyof ProductDraft)[]

const variantKeys = [
  "title",
  "sku",
  "barcode",
  "ean",
  "upc",
  "weight",
  "length",
  "width",
  "height",
  "hsCode",
  "originCountry",
  "midCode",
  "material",
  "weightUnit",
  "manageInventory",
  "allowBackorder",
  "requiresShipping",
  "taxable",
  "metadata",
] as const satisfies readonly (keyof VariantDraft)[]

/** Whether a product is as the draft says already, in all that the draft says, but for prices and links. */
export function isAsDrafted(
  draft: ProductDraft,
  product: ExistingProduct,
  matches: ReadonlyMap<VariantDraft, ExistingVariant>,
): boolean {
  const shop = draftOfProduct(product)
  return (
    (draft.handle === null || draft.handle === shop.handle) &&
    agrees(trimmed(draft), shop, productKeys) &&
    isSameSet(draft.tags, shop.tags) &&
    isSameSet(draft.categoryIds, shop.categoryIds) &&
    hasImages(draft, shop) &&
    hasVariants(draft, shop, matches)
  )
}

/** The shop trims what it keeps. */
const trimmed = ({ description, ...draft }: ProductDraft): ProductDraft =>
  description === undefined ? draft : { ...draft, description: description?.trim() ?? null }

function hasImages({ images }: ProductDraft, shop: ProductDraft): boolean {
  if (images === undefined) return true
  const existing = shop.images ?? []
  return (
    images.length === existing.length && images.every((image, index) => agrees(image, existing[index] ?? {}, imageKeys))
  )
}

const imageKeys = ["url", "alt"] as const

function hasVariants(
  draft: ProductDraft,
  shop: ProductDraft,
  matches: ReadonlyMap<VariantDraft, ExistingVariant>,
): boolean {
  if (draft.variants.length === 0) return true
  const existing = new Map(shop.variants.map((variant) => [variant.id, variant]))
  const named = draft.variants.map((variant) => existing.get(matches.get(variant)?.id))
  const expected = shop.variants.filter((variant) => !(draft.incomplete === true && !named.includes(variant)))
  if (named.length !== expected.length || named.some((variant, index) => variant !== expected[index])) return false
  return draft.variants.every((variant, index) => {
    const found = named[index] as VariantDraft
    if (draft.options !== undefined && canonical(variant.options) !== canonical(found.options)) return false
    if (variant.image !== undefined && variantImage(draft, variant) !== found.image) return false
    return agrees(variant, found, variantKeys)
  })
}

/** The image of a variant, if it is one of the draft's. */
export const variantImage = (draft: ProductDraft, { image = null }: VariantDraft): string | null =>
  draft.images?.some(({ url }) => url === image) === true ? image : null

/** Whether all that `said` says is so. */
const agrees = <Draft extends object>(said: Draft, shop: Partial<Draft>, keys: readonly (keyof Draft)[]): boolean =>
  keys.every((key) => said[key] === undefined || canonical(said[key]) === canonical(shop[key] ?? null))

const isSameSet = (said: readonly string[] | undefined, shop: readonly string[] = []): boolean =>
  said === undefined || canonical([...new Set(said)].sort()) === canonical([...new Set(shop)].sort())

/** JSON with the keys of every object in order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
