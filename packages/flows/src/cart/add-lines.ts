import { addLine, NewCartLineItem, type CartView } from "@marquetry/cart"
import { parse } from "@marquetry/kernel"
import { VariantsNotOffered } from "./cart-flow.errors.ts"
import type { NewVariantFacts, OfferFacts } from "./cart-facts.ts"

interface Asked {
  readonly variantId: string
  readonly quantity: number
  readonly metadata: Record<string, unknown> | null
}

/**
 * Adds variants to a cart, each with a description of its own. Prices follow.
 *
 * @throws {VariantsNotOffered} when one is unknown, not published, or not sold in the cart's channel.
 */
export function addVariantLines(cart: CartView, asked: readonly Asked[], variants: readonly NewVariantFacts[]): void {
  const offered = new Map(
    variants.filter((variant) => isOffered(variant, cart)).map((variant) => [variant.id, variant]),
  )
  const missing = asked.filter(({ variantId }) => !offered.has(variantId)).map(({ variantId }) => variantId)
  if (missing.length > 0) throw new VariantsNotOffered([...new Set(missing)])
  for (const { variantId, quantity, metadata } of asked) {
    const line = describe(offered.get(variantId) as NewVariantFacts)
    addLine(cart, parse(NewCartLineItem, { ...line, quantity, metadata }))
  }
}

/** Whether a variant is sold in the cart's channel. */
export const isOffered = ({ product }: OfferFacts, { salesChannelId }: CartView): boolean =>
  product.status === "published" && product.salesChannels.some(({ id }) => id === salesChannelId)

function describe(variant: NewVariantFacts): Omit<NewCartLineItem, "quantity"> {
  const { product } = variant
  return {
    title: product.title,
    subtitle: variant.title,
    thumbnail: variant.thumbnail ?? product.thumbnail,
    variantId: variant.id,
    productId: product.id,
    productTitle: product.title,
    productDescription: product.description,
    productSubtitle: product.subtitle,
    productType: product.type?.value ?? null,
    productTypeId: product.typeId,
    productCollection: product.collection?.title ?? null,
    productHandle: product.handle,
    variantSku: variant.sku,
    variantBarcode: variant.barcode,
    variantTitle: variant.title,
    variantOptionValues: Object.fromEntries(variant.options.map(({ value, option }) => [option.title, value])),
    requiresShipping: product.shippingProfile !== null,
    isDiscountable: product.discountable,
    isGiftcard: product.isGiftcard,
    // Until it is priced, in the same transaction.
    unitPrice: 0,
  }
}
