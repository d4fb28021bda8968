import { Readable } from "node:stream"
import { readShopifyCsv, type ProductDraft, type Reading, type Refusal } from "../src/index.ts"

export const columns = [
  "Handle",
  "Title",
  "Body (HTML)",
  "Vendor",
  "Type",
  "Tags",
  "Published",
  "Option1 Name",
  "Option1 Value",
  "Option2 Name",
  "Option2 Value",
  "Option3 Name",
  "Option3 Value",
  "Variant SKU",
  "Variant Grams",
  "Variant Inventory Tracker",
  "Variant Inventory Qty",
  "Variant Inventory Policy",
  "Variant Price",
  "Variant Compare At Price",
  "Variant Requires Shipping",
  "Variant Taxable",
  "Variant Barcode",
  "Image Src",
  "Image Position",
  "Image Alt Text",
  "Gift Card",
  "SEO Title",
  "SEO Description",
  "Variant Image",
  "Variant Weight Unit",
  "Status",
] as const

export type Row = Partial<Record<(typeof columns)[number], string>>

const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** A file of those rows, as Shopify writes it. */
export function csvOf(
  rows: readonly Readonly<Record<string, string>>[],
  { names = columns as readonly string[], newline = "\n" } = {},
): string {
  const lines = [names, ...rows.map((row) => names.map((name) => row[name] ?? ""))]
  return lines.map((cells) => cells.map(quoted).join(",")).join(newline) + newline
}

/** The rows that a draft came from. */
export function rowsOf(draft: ProductDraft): Row[] {
  const { options = [] } = draft
  const images = (draft.images ?? []).map(({ url, alt }, index) => ({
    "Image Src": url,
    "Image Position": String(index + 1),
    "Image Alt Text": alt ?? "",
  }))
  const variants = draft.variants.map((variant) => ({
    "Option1 Value": options.length === 0 ? "Default Title" : (variant.options[0] ?? ""),
    "Option2 Value": variant.options[1] ?? "",
    "Option3 Value": variant.options[2] ?? "",
    "Variant SKU": variant.sku ?? "",
    "Variant Grams": variant.weight ?? "",
    "Variant Inventory Tracker": variant.manageInventory ? "shopify" : "",
    "Variant Inventory Qty": variant.inventoryQuantity?.toString() ?? "",
    "Variant Inventory Policy": variant.allowBackorder ? "continue" : "deny",
    "Variant Price": variant.price ?? "",
    "Variant Compare At Price": variant.compareAtPrice ?? "",
    "Variant Requires Shipping": String(variant.requiresShipping),
    "Variant Taxable": String(variant.taxable),
    "Variant Barcode": variant.barcode ?? "",
    "Variant Image": variant.image ?? "",
    "Variant Weight Unit": variant.weightUnit ?? "",
  }))
  const rows: Row[] = Array.from({ length: Math.max(images.length, variants.length) }, (_, index) => ({
    Handle: draft.handle ?? "",
    ...variants[index],
    ...images[index],
  }))
  const titles = options.length === 0 ? ["Title"] : options
  rows[0] = {
    ...rows[0],
    Title: draft.title ?? "",
    "Body (HTML)": draft.description ?? "",
    Vendor: draft.vendor ?? "",
    Type: draft.type ?? "",
    Tags: (draft.tags ?? []).join(", "),
    Published: String(draft.published),
    "Option1 Name": titles[0] ?? "",
    "Option2 Name": titles[1] ?? "",
    "Option3 Name": titles[2] ?? "",
    "Gift Card": String(draft.giftCard),
    "SEO Title": draft.seo?.title ?? "",
    "SEO Description": draft.seo?.description ?? "",
    Status: draft.published ? "active" : "",
  }
  return rows
}

/** One product in one row. */
export const aRow = (overrides: Row = {}): Row => ({
  Handle: "lamp",
  Title: "Lamp",
  Published: "true",
  "Option1 Name": "Title",
  "Option1 Value": "Default Title",
  "Variant Price": "10.00",
  ...overrides,
})

export const sourceOf = (text: string | Uint8Array, size = 65_536): Readable => {
  const bytes = Buffer.from(text as string)
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
  return Readable.from(chunks, { objectMode: false })
}

/** What a reader makes of a file. */
export async function read(text: string | Uint8Array, chunkSize?: number) {
  const drafts: ProductDraft[] = []
  const refusals: Refusal[] = []
  for await (const reading of readShopifyCsv(sourceOf(text, chunkSize)) as AsyncIterable<Reading>) {
    if ("draft" in reading) drafts.push(reading.draft)
    else refusals.push(reading.refusal)
  }
  return { drafts, refusals }
}
