import type { Metadata, ProductDraft, VariantDraft } from "../product-draft.ts"

/** What a product keeps of a file of Shopify that has no column of its own; `undefined` where the file says none of it. */
export function productMetadata({ vendor, seo }: ProductDraft): Metadata | undefined {
  if (vendor === undefined && seo === undefined) return undefined
  return {
    ...(vendor && { vendor }),
    ...(seo?.title && { seo_title: seo.title }),
    ...(seo?.description && { seo_description: seo.description }),
  }
}

/** The same of a variant. */
export function variantMetadata({ weightUnit, requiresShipping, taxable }: VariantDraft): Metadata | undefined {
  if (weightUnit === undefined && requiresShipping === undefined && taxable === undefined) return undefined
  return {
    ...(requiresShipping !== undefined && { requires_shipping: requiresShipping }),
    ...(taxable !== undefined && { taxable }),
    ...(weightUnit && { weight_unit: weightUnit }),
  }
}

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

/** Metadata as it shall be: what an import writes, beside what others wrote. */
export function mergedMetadata(existing: Metadata | null, wanted: Metadata): Record<string, unknown> {
  const others = Object.entries(existing ?? {}).filter(([key]) => !ownKeys.has(key))
  return { ...Object.fromEntries(others), ...wanted }
}
