import { parseAmount } from "@marquetry/money"
import { amount, handleFault, isImageUrl, MAX_TITLE } from "../csv/values.ts"
import type { ImageDraft, ProductDraft, Refusal, Refuse, VariantDraft } from "../product-draft.ts"
import { CUSTOM_TYPE, noOption, optionColumns, type ShopifyColumn, type ShopifyRow } from "./shopify-columns.ts"

/**
 * Makes a product of its rows.
 *
 * The first row tells of the product; empty cells of later ones mean "as before". Rows with option values are variants,
 * rows with an image and nothing else are images.
 */
export function draftOf(rows: readonly ShopifyRow[]): {
  draft: ProductDraft | undefined
  refusals: Refusal[]
} {
  const first = rows[0] as ShopifyRow
  const handle = first.cell("Handle").toLowerCase()
  const refusals: Refusal[] = []
  const refuse: Refuse = (line, code, reason) => void refusals.push({ line, handle, code, reason })
  const title = first.cell("Title")
  const fault = handleFault(handle)
  if (fault !== undefined) {
    refuse(first.line, "import.handle_invalid", fault)
    return { draft: undefined, refusals }
  }
  if (title === "" || title.length > MAX_TITLE) {
    refuse(
      first.line,
      "import.title_missing",
      `The first row of a product has its title, of ${MAX_TITLE} characters at most`,
    )
    return { draft: undefined, refusals }
  }
  const options = optionsOf(first)
  const variants = variantsOf(rows, options, refuse)
  if (variants.length === 0) {
    refuse(first.line, "import.no_variants", "None of the product's rows is a variant that could be taken")
    return { draft: undefined, refusals }
  }
  return {
    draft: {
      ...describe(first, handle, title),
      options,
      variants,
      ...(refusals.length > 0 && { incomplete: true }),
      images: imagesOf(rows, refuse),
    },
    refusals,
  }
}

function describe(row: ShopifyRow, handle: string, title: string) {
  const orNull = (column: Parameters<typeof row.cell>[0]) => (row.cell(column) === "" ? null : row.cell(column))
  const status = row.cell("Status").toLowerCase()
  return {
    line: row.line,
    handle,
    title,
    description: orNull("Body (HTML)"),
    vendor: orNull("Vendor"),
    type: orNull("Type") ?? orNull(CUSTOM_TYPE),
    tags: [
      ...new Set(
        row
          .cell("Tags")
          .split(",")
          .map((tag) => tag.trim())
          .filter((tag) => tag !== ""),
      ),
    ],
    // Newer exports have a status beside the older flag; a product is shown when both say so.
    published: truth(row.cell("Published"), true) && (status === "" || status === "active"),
    giftCard: truth(row.cell("Gift Card"), false),
    seo: { title: orNull("SEO Title"), description: orNull("SEO Description") },
  }
}

function optionsOf(first: ShopifyRow): string[] {
  const titles = optionColumns.map(({ name }) => first.cell(name)).filter((title) => title !== "")
  const none = titles.length === 1 && titles[0] === noOption.title && first.cell("Option1 Value") === noOption.value
  return none ? [] : titles
}

function variantsOf(rows: readonly ShopifyRow[], options: readonly string[], refuse: Refuse): VariantDraft[] {
  const variants: VariantDraft[] = []
  const taken = new Map<string, number>()
  for (const row of rows) {
    const isVariant =
      row.cell("Variant Price") !== "" || row.cell("Option1 Value") !== "" || row.cell("Variant SKU") !== ""
    if (!isVariant) {
      // A row with an image alone is one; a row with neither is no use to anybody.
      if (row.cell("Image Src") === "")
        refuse(row.line, "import.value_invalid", "The row is neither a variant nor an image")
      continue
    }
    const values = optionColumns.slice(0, options.length).map(({ value }) => row.cell(value))
    const key = JSON.stringify(values)
    const before = taken.get(key)
    if (before !== undefined) {
      refuse(row.line, "import.variant_repeated", `Line ${before} is a variant of the same option values`)
      continue
    }
    const variant = variantOf(row, options, values, refuse)
    if (variant === undefined) continue
    taken.set(key, row.line)
    variants.push(variant)
  }
  return variants
}

function variantOf(
  row: ShopifyRow,
  options: readonly string[],
  values: readonly string[],
  refuse: Refuse,
): VariantDraft | undefined {
  const fault = faultOf(row, options, values)
  if (fault !== undefined) {
    refuse(row.line, "import.value_invalid", fault)
    return undefined
  }
  const orNull = (column: ShopifyColumn) => (row.cell(column) === "" ? null : row.cell(column))
  const price = amount(row.cell("Variant Price")) ?? null
  const before = amount(row.cell("Variant Compare At Price"))
  const grams = row.cell("Variant Grams")
  const quantity = row.cell("Variant Inventory Qty")
  return {
    line: row.line,
    options: values,
    sku: orNull("Variant SKU")?.replace(/^'/, "") ?? null,
    barcode: orNull("Variant Barcode")?.replace(/^'/, "") ?? null,
    weight: grams === "" || Number(grams) === 0 ? null : parseAmount(grams).toString(),
    weightUnit: orNull("Variant Weight Unit"),
    price,
    compareAtPrice: before !== undefined && price !== null && parseAmount(before).greaterThan(price) ? before : null,
    manageInventory: row.cell("Variant Inventory Tracker") !== "",
    allowBackorder: row.cell("Variant Inventory Policy").toLowerCase() === "continue",
    inventoryQuantity: quantity === "" ? null : Number(quantity),
    requiresShipping: truth(row.cell("Variant Requires Shipping"), true),
    taxable: truth(row.cell("Variant Taxable"), true),
    image: orNull("Variant Image"),
  }
}

/** What keeps a row from being a variant. */
function faultOf(row: ShopifyRow, options: readonly string[], values: readonly string[]): string | undefined {
  const missing = options.find((_, index) => values[index] === "")
  if (missing !== undefined) return `The variant has no value for the option "${missing}"`
  const price = row.cell("Variant Price")
  if (price !== "" && amount(price) === undefined) return `Variant Price "${price}" is no amount such as 19.99`
  const before = row.cell("Variant Compare At Price")
  if (before !== "" && amount(before) === undefined)
    return `Variant Compare At Price "${before}" is no amount such as 19.99`
  const grams = row.cell("Variant Grams")
  if (grams !== "" && amount(grams) === undefined) return `Variant Grams "${grams}" is no number of grams`
  const quantity = row.cell("Variant Inventory Qty")
  return /^(-?\d{1,9})?$/.test(quantity) ? undefined : `Variant Inventory Qty "${quantity}" is no whole number`
}

/** Images in the order of their positions; one that only a variant names comes behind them. */
function imagesOf(rows: readonly ShopifyRow[], refuse: Refuse): ImageDraft[] {
  const placed: { url: string; alt: string | null; position: number; line: number }[] = []
  for (const row of rows) {
    const url = row.cell("Image Src")
    if (url === "") continue
    const position = Number(row.cell("Image Position") || placed.length + 1)
    const alt = row.cell("Image Alt Text") === "" ? null : row.cell("Image Alt Text")
    placed.push({
      url,
      alt,
      position: Number.isFinite(position) ? position : placed.length + 1,
      line: row.line,
    })
  }
  for (const row of rows) {
    const url = row.cell("Variant Image")
    if (url !== "") placed.push({ url, alt: null, position: Number.MAX_SAFE_INTEGER, line: row.line })
  }
  const images = new Map<string, ImageDraft>()
  for (const { url, alt, line } of placed.toSorted((a, b) => a.position - b.position)) {
    if (images.has(url)) continue
    if (isImageUrl(url)) images.set(url, { url, alt })
    else refuse(line, "import.value_invalid", `"${url.slice(0, 100)}" is no URL of an image`)
  }
  return [...images.values()]
}

function truth(text: string, otherwise: boolean): boolean {
  return text === "" ? otherwise : /^(true|yes|1)$/i.test(text)
}
