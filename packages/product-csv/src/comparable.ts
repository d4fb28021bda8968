import type { ProductDraft, VariantDraft } from "./product-draft.ts"

/** What a draft says and a product of the shop has, in one form: equal texts mean that there is nothing to change. */
export interface Comparable {
  readonly product: string
  /** By option values, as {@link choiceKey} writes them. */
  readonly prices: ReadonlyMap<string, VariantPrices>
}

/** Prices of a variant by currency, decimals in major units. */
export interface VariantPrices {
  readonly base: Readonly<Record<string, string>>
  /** What it costs now, where that is less than before. */
  readonly sale: Readonly<Record<string, string>>
}

/** The part of an existing product that an import reads. */
export interface ExistingProduct {
  readonly id: string
  readonly handle: string
  readonly title: string
  readonly description: string | null
  readonly status: string
  readonly isGiftcard: boolean
  readonly metadata: Record<string, unknown> | null
  readonly type: { readonly value: string } | null
  readonly tags: readonly { readonly value: string }[]
  readonly images: readonly {
    readonly id: string
    readonly url: string
    readonly metadata: Record<string, unknown> | null
  }[]
  readonly options: readonly { readonly id: string; readonly title: string }[]
  readonly variants: readonly ExistingVariant[]
  readonly salesChannels: readonly { readonly id: string }[]
}

export interface ExistingVariant {
  readonly id: string
  readonly sku: string | null
  readonly barcode: string | null
  readonly weight: string | null
  readonly manageInventory: boolean
  readonly allowBackorder: boolean
  readonly metadata: Record<string, unknown> | null
  readonly options: readonly { readonly value: string; readonly optionId: string }[]
  readonly images: readonly { readonly url: string }[]
  readonly priceSet: {
    readonly id: string
    readonly prices: readonly ExistingPrice[]
  } | null
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
}

/** Option values in the order of the product's options. */
export const choiceKey = (values: readonly string[]): string => JSON.stringify(values)

/** What a variant keeps that has no column of its own. */
export const variantMetadata = ({ weightUnit, requiresShipping, taxable }: VariantDraft): Record<string, unknown> => ({
  requires_shipping: requiresShipping,
  taxable,
  ...(weightUnit !== null && { weight_unit: weightUnit }),
})

export const productMetadata = ({ vendor, seo }: ProductDraft): Record<string, unknown> => ({
  ...(vendor !== null && { vendor }),
  ...(seo.title !== null && { seo_title: seo.title }),
  ...(seo.description !== null && { seo_description: seo.description }),
})

type Metadata = Readonly<Record<string, unknown>> | null

/** Keys that an import writes; what else metadata holds is somebody else's, and stays. */
const ownKeys = new Set([
  "vendor",
  "seo_title",
  "seo_description",
  "requires_shipping",
  "taxable",
  "weight_unit",
  "alt",
])

const entriesOf = (metadata: Metadata, own: boolean) =>
  Object.fromEntries(Object.entries(metadata ?? {}).filter(([key]) => ownKeys.has(key) === own))

/** Metadata as it shall be: what an import writes, beside what others wrote. */
export const mergedMetadata = (existing: Metadata, wanted: Record<string, unknown>): Record<string, unknown> => ({
  ...entriesOf(existing, false),
  ...wanted,
})

/** The images of a draft that its variants may name. */
export const variantImage = (draft: ProductDraft, { image }: VariantDraft): string | null =>
  draft.images.some(({ url }) => url === image) ? image : null

export function comparableDraft(draft: ProductDraft, prices: ReadonlyMap<string, VariantPrices>): Comparable {
  const product = canonical({
    title: draft.title,
    description: draft.description?.trim() ?? null,
    status: draft.published ? "published" : "draft",
    giftCard: draft.giftCard,
    metadata: productMetadata(draft),
    type: draft.type,
    tags: draft.tags.toSorted(),
    images: draft.images,
    options: draft.options,
    variants: draft.variants.map((variant) => ({
      options: variant.options,
      sku: variant.sku,
      barcode: variant.barcode,
      weight: variant.weight,
      manageInventory: variant.manageInventory,
      allowBackorder: variant.allowBackorder,
      metadata: variantMetadata(variant),
      image: variantImage(draft, variant),
    })),
  })
  return { product, prices }
}

/** Which prices are an import's business; all others stay as they are. */
export interface PriceScope {
  /** The price list of sale prices, once there is one. */
  readonly saleListId: string | undefined
  readonly currencies: ReadonlySet<string>
}

export function comparableProduct(existing: ExistingProduct, scope: PriceScope): Comparable {
  const product = canonical({
    title: existing.title,
    description: existing.description,
    status: existing.status,
    giftCard: existing.isGiftcard,
    metadata: entriesOf(existing.metadata, true),
    type: existing.type?.value ?? null,
    tags: existing.tags.map(({ value }) => value).toSorted(),
    images: existing.images.map(({ url, metadata }) => ({ url, alt: metadata?.["alt"] ?? null })),
    options: existing.options.map(({ title }) => title),
    variants: existing.variants.map((variant) => ({
      options: choiceOf(existing, variant),
      sku: variant.sku,
      barcode: variant.barcode,
      weight: variant.weight,
      manageInventory: variant.manageInventory,
      allowBackorder: variant.allowBackorder,
      metadata: entriesOf(variant.metadata, true),
      image: variant.images[0]?.url ?? null,
    })),
  })
  const prices = existing.variants.map(
    (variant) => [choiceKey(choiceOf(existing, variant)), pricesOf(variant, scope)] as const,
  )
  return { product, prices: new Map(prices) }
}

export function choiceOf(
  { options }: Pick<ExistingProduct, "options">,
  variant: Pick<ExistingVariant, "options">,
): string[] {
  return options.map(({ id }) => variant.options.find(({ optionId }) => optionId === id)?.value ?? "")
}

/** Prices with rules or tiers, or in other currencies, were made by hand: an import leaves them alone. */
export const isOurs = (price: ExistingPrice, { currencies }: Pick<PriceScope, "currencies">): boolean =>
  price.rulesCount === 0 &&
  price.minQuantity === null &&
  price.maxQuantity === null &&
  currencies.has(price.currencyCode)

function pricesOf({ priceSet }: ExistingVariant, scope: PriceScope): VariantPrices {
  const { saleListId } = scope
  const plain = (priceSet?.prices ?? []).filter((price) => isOurs(price, scope))
  const byCurrency = (prices: readonly ExistingPrice[]) =>
    Object.fromEntries(prices.map(({ currencyCode, amount }) => [currencyCode, amount]))
  return {
    base: byCurrency(plain.filter(({ priceListId }) => priceListId === null)),
    sale: byCurrency(plain.filter(({ priceListId }) => priceListId !== null && priceListId === saleListId)),
  }
}

export const samePrices = (a: VariantPrices, b: VariantPrices | undefined): boolean =>
  b !== undefined && canonical(a) === canonical(b)

/** JSON with the keys of every object in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
