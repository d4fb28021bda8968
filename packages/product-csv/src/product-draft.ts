/**
 * A product as a file describes it, checked, before anything of it is written. What a file says nothing of is not there,
 * and left alone.
 */
export interface ProductDraft extends Measures {
  /** Line of the file where it begins. */
  readonly line: number
  /** Of the product that it changes; where there is none of that id, the handle finds it. */
  readonly id?: string
  /** `null` where the file knows the product by its id alone. */
  readonly handle: string | null
  /** Not there where the file changes a product and leaves its title; a new product needs one. */
  readonly title?: string
  readonly subtitle?: string | null
  /** HTML, as it stands in the file. */
  readonly description?: string | null
  readonly status?: ProductStatus
  /** What a file says that knows no other states: published, or any of the others. */
  readonly published?: boolean
  readonly giftCard?: boolean
  readonly discountable?: boolean
  readonly thumbnail?: string | null
  readonly externalId?: string | null
  readonly vendor?: string | null
  readonly seo?: { readonly title: string | null; readonly description: string | null }
  readonly collectionId?: string
  readonly typeId?: string
  /** By its value, made where there is none. */
  readonly type?: string | null
  /** By their values, made where there are none; what begins with `ptag_` is the id of one. */
  readonly tags?: readonly string[]
  readonly categoryIds?: readonly string[]
  readonly salesChannelIds?: readonly string[]
  readonly shippingProfileId?: string
  /** As a whole. */
  readonly metadata?: Metadata
  /** Titles of the options, in order; none for a product that there is one of. */
  readonly options?: readonly string[]
  /** All of the product; none where the file says nothing of them. */
  readonly variants: readonly VariantDraft[]
  /** Some of its variants could not be read: those that the product has and the draft does not name stay. */
  readonly incomplete?: boolean
  readonly images?: readonly ImageDraft[]
}

export type ProductStatus = "draft" | "proposed" | "published" | "rejected"

export type Metadata = Readonly<Record<string, unknown>>

/** What customs and carriers ask; decimals as texts. */
export interface Measures {
  /** Grams, where it is of a variant of Shopify's; else in the shop's unit, as all the others. */
  readonly weight?: string | null
  readonly length?: string | null
  readonly width?: string | null
  readonly height?: string | null
  readonly hsCode?: string | null
  readonly originCountry?: string | null
  readonly midCode?: string | null
  readonly material?: string | null
}

export interface VariantDraft extends Measures {
  readonly line: number
  readonly id?: string
  readonly title?: string
  /** Values in the order of the product's options. */
  readonly options: readonly string[]
  readonly sku?: string | null
  readonly barcode?: string | null
  readonly ean?: string | null
  readonly upc?: string | null
  /** The unit that the shop shows weights in: `kg`, `g`, `lb` or `oz`. */
  readonly weightUnit?: string | null
  /** In a currency that the file does not name; decimals in major units, like all amounts. */
  readonly price?: string | null
  /** What it cost before, where that is more. */
  readonly compareAtPrice?: string | null
  /** In currencies that the file does name. */
  readonly prices?: readonly CurrencyPrice[]
  readonly manageInventory?: boolean
  readonly allowBackorder?: boolean
  readonly inventoryQuantity?: number | null
  readonly requiresShipping?: boolean
  readonly taxable?: boolean
  readonly image?: string | null
  readonly metadata?: Metadata
}

export interface CurrencyPrice {
  /** Lower case. */
  readonly currencyCode: string
  /** Of the region that it holds in; everywhere, where there is none. */
  readonly region?: string
  readonly amount: string
}

export interface ImageDraft {
  readonly url: string
  /** Not there where the file has no such texts. */
  readonly alt?: string | null
}

/** A row, or a product, that was not taken: where it is, and what to do about it. */
export interface Refusal {
  readonly line: number
  readonly handle: string | null
  readonly code: RefusalCode
  readonly reason: string
}

/** Why something was not taken. Permanent. */
export type RefusalCode =
  | "import.row_unreadable"
  | "import.column_unknown"
  | "import.handle_missing"
  | "import.handle_invalid"
  | "import.handle_repeated"
  | "import.title_missing"
  | "import.value_invalid"
  | "import.reference_unknown"
  | "import.product_unknown"
  | "import.variant_repeated"
  | "import.no_variants"
  | "import.too_many_variants"
  | "import.refused_by_shop"

/** What a file reader gives: drafts and refusals, in the order of the file. */
export type Reading = { readonly draft: ProductDraft } | { readonly refusal: Refusal }

export type Refuse = (line: number, code: RefusalCode, reason: string) => void
