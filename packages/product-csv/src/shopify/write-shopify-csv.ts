import type { Readable } from "node:stream"
import { csvText } from "../csv/csv-text.ts"
import type { ImageDraft, ProductDraft, VariantDraft } from "../product-draft.ts"
import { noOption, optionColumns, shopifyColumns, type ShopifyColumn } from "./shopify-columns.ts"

type Cells = Partial<Record<ShopifyColumn, string>>

/** A product that the format has no room for. */
export interface LeftOut {
  readonly handle: string | null
  readonly reason: string
}

export interface WriteShopifyOptions {
  /** The currency of the file, ISO 4217: the one of prices that name theirs. */
  readonly currencyCode: string
  /** Told of each product that was not written: one without variants, or with more than three options. */
  readonly onLeftOut?: (product: LeftOut) => void
}

/** Writes products as Shopify's product CSV, one at a time, in steady memory: UTF-8 text. */
export function writeShopifyCsv(products: AsyncIterable<ProductDraft>, options: WriteShopifyOptions): Readable {
  return csvText(rowsOf(products, options))
}

async function* rowsOf(
  products: AsyncIterable<ProductDraft>,
  { currencyCode, onLeftOut }: WriteShopifyOptions,
): AsyncGenerator<readonly string[]> {
  yield shopifyColumns
  for await (const product of products) {
    const reason = misfitOf(product)
    if (reason !== undefined) {
      onLeftOut?.({ handle: product.handle, reason })
      continue
    }
    for (const cells of cellsOf(product, currencyCode.toLowerCase()))
      yield shopifyColumns.map((column) => cells[column] ?? "")
  }
}

function misfitOf({ options = [], variants }: ProductDraft): string | undefined {
  if (variants.length === 0) return "It has no variants"
  if (options.length <= optionColumns.length) return undefined
  return `It has ${options.length} options, and ${optionColumns.length} are all that fit`
}

/** The rows of a product: one per variant or image, whatever there is more of. */
function cellsOf(product: ProductDraft, currencyCode: string): Cells[] {
  const { variants, images = [] } = product
  return Array.from({ length: Math.max(variants.length, images.length) }, (_, index) => {
    const [variant, image] = [variants[index], images[index]]
    return {
      Handle: product.handle ?? "",
      ...(index === 0 && productCells(product)),
      ...(variant !== undefined && variantCells(product, variant, currencyCode)),
      ...(image !== undefined && imageCells(image, index)),
    }
  })
}

const truth = (value: boolean | undefined, otherwise: boolean) => String(value ?? otherwise)

function productCells(product: ProductDraft): Cells {
  const { options = [] } = product
  const titles = options.length === 0 ? [noOption.title] : options
  const isPublished = product.published ?? product.status === "published"
  return {
    Title: product.title ?? "",
    "Body (HTML)": product.description ?? "",
    Vendor: product.vendor ?? "",
    Type: product.type ?? "",
    Tags: (product.tags ?? []).join(", "),
    Published: String(isPublished),
    ...Object.fromEntries(optionColumns.map(({ name }, index) => [name, titles[index] ?? ""])),
    "Gift Card": truth(product.giftCard, false),
    "SEO Title": product.seo?.title ?? "",
    "SEO Description": product.seo?.description ?? "",
    Status: isPublished ? "active" : "draft",
  }
}

function variantCells({ options = [] }: ProductDraft, variant: VariantDraft, currencyCode: string): Cells {
  const values = options.length === 0 ? [noOption.value] : variant.options
  const plain = variant.prices?.find((price) => price.currencyCode === currencyCode && price.region === undefined)
  return {
    ...Object.fromEntries(optionColumns.map(({ value }, index) => [value, values[index] ?? ""])),
    "Variant SKU": variant.sku ?? "",
    "Variant Grams": variant.weight ?? "",
    "Variant Inventory Tracker": variant.manageInventory === true ? "shopify" : "",
    "Variant Inventory Qty": variant.inventoryQuantity?.toString() ?? "",
    "Variant Inventory Policy": variant.allowBackorder === true ? "continue" : "deny",
    "Variant Price": variant.price ?? plain?.amount ?? "",
    "Variant Compare At Price": variant.compareAtPrice ?? "",
    "Variant Requires Shipping": truth(variant.requiresShipping, true),
    "Variant Taxable": truth(variant.taxable, true),
    "Variant Barcode": variant.barcode ?? "",
    "Variant Image": variant.image ?? "",
    "Variant Weight Unit": variant.weightUnit ?? "",
  }
}

const imageCells = ({ url, alt }: ImageDraft, index: number): Cells => ({
  "Image Src": url,
  "Image Position": String(index + 1),
  "Image Alt Text": alt ?? "",
})
