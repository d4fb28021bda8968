import { findCurrency } from "@marquetry/money"
import { amount } from "../csv/values.ts"
import type { Metadata, ProductDraft, ProductStatus, VariantDraft } from "../product-draft.ts"

/** How a value stands in a cell. */
interface Codec<Value> {
  /** @returns `undefined` for a text that is no such value. */
  readonly read: (cell: string) => Value | undefined
  readonly write: (value: Value) => string
  /** What such a text is, in words. */
  readonly expected: string
}

const text: Codec<string> = { read: (cell) => cell, write: (value) => value, expected: "a text" }
const decimal: Codec<string> = { read: amount, write: (value) => value, expected: "a number from 0, such as 12.5" }
const truth: Codec<boolean> = {
  read: (cell) => ({ true: true, false: false })[cell.toLowerCase()],
  write: String,
  expected: "true or false",
}
const status: Codec<ProductStatus> = {
  read: (cell) => statuses.find((known) => known === cell.toLowerCase()),
  write: (value) => value,
  expected: "draft, proposed, published or rejected",
}
const statuses: readonly ProductStatus[] = ["draft", "proposed", "published", "rejected"]
const json: Codec<Metadata> = { read: readObject, write: (value) => JSON.stringify(value), expected: "a JSON object" }

function readObject(cell: string): Metadata | undefined {
  try {
    const value: unknown = JSON.parse(cell)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Metadata) : undefined
  } catch {
    return undefined
  }
}

/** A column of one field. An empty cell says nothing. */
export interface MedusaColumn<Draft> {
  readonly name: string
  /** The name in the spelling that cells are looked up by. */
  readonly key: string
  readonly field: keyof Draft
  readonly codec: Codec<unknown>
  readonly write: (draft: Draft) => string
}

function column<Draft, Field extends keyof Draft>(
  name: string,
  field: Field,
  codec: Codec<NonNullable<Draft[Field]>>,
): MedusaColumn<Draft> {
  return {
    name,
    key: spelling(name),
    field,
    codec: codec as Codec<unknown>,
    write: ({ [field]: value }) => (value === undefined || value === null ? "" : codec.write(value)),
  }
}

const ofProduct = <Field extends keyof ProductDraft>(
  name: string,
  field: Field,
  codec: Codec<NonNullable<ProductDraft[Field]>>,
) => column<ProductDraft, Field>(name, field, codec)
const ofVariant = <Field extends keyof VariantDraft>(
  name: string,
  field: Field,
  codec: Codec<NonNullable<VariantDraft[Field]>>,
) => column<VariantDraft, Field>(name, field, codec)

/** The columns of a product, in the order of Medusa's template. */
export const productColumns: readonly MedusaColumn<ProductDraft>[] = [
  ofProduct("Product Id", "id", text),
  ofProduct("Product Handle", "handle", text),
  ofProduct("Product Title", "title", text),
  ofProduct("Product Subtitle", "subtitle", text),
  ofProduct("Product Description", "description", text),
  ofProduct("Product Status", "status", status),
  ofProduct("Product Thumbnail", "thumbnail", text),
  ofProduct("Product Weight", "weight", decimal),
  ofProduct("Product Length", "length", decimal),
  ofProduct("Product Width", "width", decimal),
  ofProduct("Product Height", "height", decimal),
  ofProduct("Product HS Code", "hsCode", text),
  ofProduct("Product Origin Country", "originCountry", text),
  ofProduct("Product MID Code", "midCode", text),
  ofProduct("Product Material", "material", text),
  ofProduct("Shipping Profile Id", "shippingProfileId", text),
  ofProduct("Product Collection Id", "collectionId", text),
  ofProduct("Product Type Id", "typeId", text),
  ofProduct("Product Discountable", "discountable", truth),
  ofProduct("Product Is Giftcard", "giftCard", truth),
  ofProduct("Product External Id", "externalId", text),
  ofProduct("Product Metadata", "metadata", json),
]

/** Columns that are there as often as the longest list needs them, counted from 1. */
export const listColumns = [
  { name: "Product Sales Channel", field: "salesChannelIds" },
  { name: "Product Tag", field: "tags" },
  { name: "Product Category", field: "categoryIds" },
  { name: "Product Image", field: "images" },
] as const

export type ListField = (typeof listColumns)[number]["field"]

/** What a list column holds of a product. */
export const listOf = (draft: ProductDraft, field: ListField): readonly string[] =>
  field === "images" ? (draft.images ?? []).map(({ url }) => url) : (draft[field] ?? [])

/** The columns of a variant, in the order of Medusa's template. */
export const variantColumns: readonly MedusaColumn<VariantDraft>[] = [
  ofVariant("Variant Id", "id", text),
  ofVariant("Variant Title", "title", text),
  ofVariant("Variant SKU", "sku", text),
  ofVariant("Variant Barcode", "barcode", text),
  ofVariant("Variant EAN", "ean", text),
  ofVariant("Variant UPC", "upc", text),
  ofVariant("Variant Allow Backorder", "allowBackorder", truth),
  ofVariant("Variant Manage Inventory", "manageInventory", truth),
  ofVariant("Variant Weight", "weight", decimal),
  ofVariant("Variant Length", "length", decimal),
  ofVariant("Variant Width", "width", decimal),
  ofVariant("Variant Height", "height", decimal),
  ofVariant("Variant HS Code", "hsCode", text),
  ofVariant("Variant Origin Country", "originCountry", text),
  ofVariant("Variant MID Code", "midCode", text),
  ofVariant("Variant Material", "material", text),
  ofVariant("Variant Metadata", "metadata", json),
]

/** Columns of Medusa's exports that say nothing which an import could take. */
const passedOver = [
  /^(product|variant) (created|updated|deleted) at$/,
  /^variant (product id|variant rank|thumbnail|inventory quantity)$/,
  /^variant image \d+$/,
  /^variant option \d+ (id|is exclusive)$/,
]

/**
 * A column's name in the one spelling that cells are looked up by: `Product Handle`, `product_handle` and what exports of
 * Medusa 1 have (`Price EUR`, `Option 1 Name`, `Image 1 Url`) in the words of Medusa 2, in lower case.
 */
export function spelling(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[_\s]+/g, " ")
    .replace(/^(option|price) /, "variant $1 ")
    .replace(/^image (\d+)/, "product image $1")
    .replace(/^(product image \d+) url$/, "$1")
}

/** A column of prices. */
export interface PriceColumn {
  readonly column: string
  readonly currencyCode: string
  /** In the spelling of columns. */
  readonly region?: string
}

const PRICE =
  /^variant price (?:(?<code>[a-z]{3})|(?<region>.+) \[(?<regional>[a-z]{3})\]|\[(?<named>.+)\] (?<last>[a-z]{3}))$/

function priceColumn(column: string): PriceColumn | undefined {
  const { code, region, regional, named, last } = PRICE.exec(column)?.groups ?? {}
  const currencyCode = code ?? regional ?? last
  if (currencyCode === undefined || findCurrency(currencyCode) === null) return undefined
  const name = region ?? named
  return { column, currencyCode, ...(name !== undefined && { region: name }) }
}

/** What the columns of a file are, by their spelling. */
export interface MedusaHeader {
  readonly lists: readonly { readonly field: ListField; readonly columns: readonly string[] }[]
  readonly options: readonly { readonly name: string; readonly value: string }[]
  readonly prices: readonly PriceColumn[]
  /** Columns that make a row one of a variant, if it says anything there. */
  readonly ofVariants: readonly string[]
  /** As the file writes them. */
  readonly unknown: readonly string[]
}

const known = new Set([...productColumns, ...variantColumns].map(({ key }) => key))

export function readHeader(header: readonly string[]): MedusaHeader {
  const columns = header.map(spelling)
  const counted = (pattern: RegExp) => columns.filter((column) => pattern.test(column))
  const lists = listColumns.map(({ name, field }) => {
    return { field, columns: counted(new RegExp(`^${spelling(name)} \\d+$`)) }
  })
  const options = counted(/^variant option \d+ name$/).map((name) => ({ name, value: name.replace(/name$/, "value") }))
  const prices = columns.flatMap((column) => priceColumn(column) ?? [])
  const read = new Set([
    ...known,
    ...lists.flatMap((list) => list.columns),
    ...options.flatMap(({ name, value }) => [name, value]),
    ...prices.map(({ column }) => column),
  ])
  const unknown = header.filter((_, index) => {
    const column = columns[index] as string
    return column !== "" && !read.has(column) && !passedOver.some((pattern) => pattern.test(column))
  })
  const ofVariants = [
    ...variantColumns.map(({ key }) => key).filter((key) => columns.includes(key)),
    ...options.map(({ value }) => value),
    ...prices.map(({ column }) => column),
  ]
  return { lists, options, prices, ofVariants, unknown }
}
