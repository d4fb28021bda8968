/** A product as a file describes it, checked, before anything of it is written. */
export interface ProductDraft {
  /** Line of the file where it begins. */
  readonly line: number
  readonly handle: string
  readonly title: string
  /** HTML, as it stands in the file. */
  readonly description: string | null
  readonly vendor: string | null
  readonly type: string | null
  readonly tags: readonly string[]
  readonly published: boolean
  readonly giftCard: boolean
  /** Titles of the options, in order; none for a product that there is one of. */
  readonly options: readonly string[]
  readonly variants: readonly VariantDraft[]
  readonly images: readonly ImageDraft[]
  readonly seo: { readonly title: string | null; readonly description: string | null }
}

export interface VariantDraft {
  readonly line: number
  /** Values in the order of the product's options. */
  readonly options: readonly string[]
  readonly sku: string | null
  readonly barcode: string | null
  /** Grams, a decimal. */
  readonly weight: string | null
  /** The unit that the shop shows weights in: `kg`, `g`, `lb` or `oz`. */
  readonly weightUnit: string | null
  /** Decimals in major units of the file's currency. */
  readonly price: string
  /** What it cost before, where that is more. */
  readonly compareAtPrice: string | null
  readonly manageInventory: boolean
  readonly allowBackorder: boolean
  readonly inventoryQuantity: number
  readonly requiresShipping: boolean
  readonly taxable: boolean
  readonly image: string | null
}

export interface ImageDraft {
  readonly url: string
  readonly alt: string | null
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
  | "import.handle_missing"
  | "import.handle_invalid"
  | "import.handle_repeated"
  | "import.title_missing"
  | "import.value_invalid"
  | "import.variant_repeated"
  | "import.no_variants"
  | "import.too_many_variants"
  | "import.refused_by_shop"

/** What a file reader gives: drafts and refusals, in the order of the file. */
export type Reading = { readonly draft: ProductDraft } | { readonly refusal: Refusal }
