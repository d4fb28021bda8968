import type { Readable } from "node:stream"
import { ModuleError } from "@marquetry/kernel"
import { csvText } from "../csv/csv-text.ts"
import type { CurrencyPrice, ProductDraft, VariantDraft } from "../product-draft.ts"
import { listColumns, listOf, productColumns, variantColumns, type ListField } from "./medusa-columns.ts"

/** While a catalogue was written a product got more of something than the file has columns for. Write it again. */
export class CatalogueChanged extends ModuleError {
  readonly code = "export.catalogue_changed"
  readonly kind = "conflict"
  override readonly details: { handle: string | null }
  constructor(handle: string | null) {
    super(`The product "${handle}" was changed while the catalogue was written, and does not fit the file any more`)
    this.details = { handle }
  }
}

/** How many columns a file needs of what there is any number of. */
interface Shape {
  readonly lists: Record<ListField, number>
  options: number
  /** Names of the columns, in order. */
  readonly prices: Set<string>
}

/**
 * Writes products as Medusa's admin exports them, one at a time, in steady memory: UTF-8 text.
 *
 * @param products the same ones each time it is called: once to see which columns they need, once to write them.
 * @returns text that ends with {@link CatalogueChanged} when they were not the same.
 */
export function writeMedusaCsv(products: () => AsyncIterable<ProductDraft>): Readable {
  return csvText(rowsOf(products))
}

async function* rowsOf(products: () => AsyncIterable<ProductDraft>): AsyncGenerator<string[]> {
  const shape = await shapeOf(products())
  yield headerOf(shape)
  for await (const product of products()) {
    if (!fits(product, shape)) throw new CatalogueChanged(product.handle)
    const cells = productCells(product, shape)
    const variants = product.variants.length === 0 ? [undefined] : product.variants
    for (const variant of variants) yield [...cells, ...variantCells(product, variant, shape)]
  }
}

const emptyShape = (): Shape => ({
  lists: { salesChannelIds: 0, tags: 0, categoryIds: 0, images: 0 },
  options: 0,
  prices: new Set(),
})

async function shapeOf(products: AsyncIterable<ProductDraft>): Promise<Shape> {
  const shape = emptyShape()
  for await (const product of products) {
    for (const { field } of listColumns)
      shape.lists[field] = Math.max(shape.lists[field], listOf(product, field).length)
    shape.options = Math.max(shape.options, product.options?.length ?? 0)
    for (const column of priceColumnsOf(product)) shape.prices.add(column)
  }
  return { ...shape, prices: new Set([...shape.prices].sort()) }
}

function fits(product: ProductDraft, { lists, options, prices }: Shape): boolean {
  return (
    listColumns.every(({ field }) => listOf(product, field).length <= lists[field]) &&
    (product.options?.length ?? 0) <= options &&
    priceColumnsOf(product).every((column) => prices.has(column))
  )
}

const priceColumnsOf = ({ variants }: ProductDraft) =>
  variants.flatMap(({ prices = [] }) => prices.map((price) => priceColumn(price)))

const priceColumn = ({ currencyCode, region }: CurrencyPrice) =>
  region === undefined
    ? `Variant Price ${currencyCode.toUpperCase()}`
    : `Variant Price ${region} [${currencyCode.toUpperCase()}]`

const counted = <Cell>(count: number, cell: (index: number) => Cell): Cell[] =>
  Array.from({ length: count }, (_, index) => cell(index))

const headerOf = ({ lists, options, prices }: Shape): string[] => [
  ...productColumns.map(({ name }) => name),
  ...listColumns.flatMap(({ name, field }) => counted(lists[field], (index) => `${name} ${index + 1}`)),
  ...variantColumns.map(({ name }) => name),
  ...prices,
  ...counted(options, (index) => [`Variant Option ${index + 1} Name`, `Variant Option ${index + 1} Value`]).flat(),
]

const productCells = (product: ProductDraft, { lists }: Shape): string[] => [
  ...productColumns.map(({ write }) => write(product)),
  ...listColumns.flatMap(({ field }) => {
    const list = listOf(product, field)
    return counted(lists[field], (index) => list[index] ?? "")
  }),
]

function variantCells(
  { options: titles = [] }: ProductDraft,
  variant: VariantDraft | undefined,
  { options, prices }: Shape,
): string[] {
  const amounts = new Map(variant?.prices?.map((price) => [priceColumn(price), price.amount]))
  return [
    ...variantColumns.map(({ write }) => (variant === undefined ? "" : write(variant))),
    ...[...prices].map((column) => amounts.get(column) ?? ""),
    ...counted(options, (index) =>
      variant === undefined ? ["", ""] : [titles[index] ?? "", variant.options[index] ?? ""],
    ).flat(),
  ]
}
