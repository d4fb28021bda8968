import type { CsvRow } from "../csv/csv-table.ts"
import { amount, handleFault, isImageUrl, MAX_TITLE } from "../csv/values.ts"
import type { CurrencyPrice, ProductDraft, Refusal, Refuse, VariantDraft } from "../product-draft.ts"
import {
  productColumns,
  variantColumns,
  type ListField,
  type MedusaColumn,
  type MedusaHeader,
} from "./medusa-columns.ts"

/**
 * Makes a product of its rows.
 *
 * Each row is a variant, and repeats what is said of the product; where rows say different things, the first counts.
 * A cell that cannot be used is refused and says nothing, like an empty one.
 */
export function draftOf(
  rows: readonly CsvRow[],
  header: MedusaHeader,
): { draft: ProductDraft | undefined; refusals: Refusal[] } {
  const first = rows[0] as CsvRow
  const refusals: Refusal[] = []
  const handle = rows.map(handleOf).find((text) => text !== "") ?? null
  const refuse: Refuse = (line, code, reason) => void refusals.push({ line, handle, code, reason })
  const fault = handle === null ? undefined : handleFault(handle)
  if (fault !== undefined) {
    refuse(first.line, "import.handle_invalid", `Product Handle: ${fault}`)
    return { draft: undefined, refusals }
  }
  const fields = fieldsOf(rows, productColumns, refuse)
  if ((fields.title ?? "").length > MAX_TITLE) {
    refuse(first.line, "import.title_missing", `Product Title has more than ${MAX_TITLE} characters`)
    return { draft: undefined, refusals }
  }
  const options = optionsOf(rows, header)
  const variants = variantsOf(rows, header, options, refuse)
  const draft: ProductDraft = {
    ...fields,
    ...listsOf(rows, header, refuse),
    line: first.line,
    handle,
    ...(options.length > 0 && { options }),
    variants: variants.taken,
    ...(variants.incomplete && { incomplete: true }),
  }
  return { draft, refusals }
}

export const handleOf = (row: CsvRow): string => row.cell("product handle").toLowerCase()

/** What the first row says that says anything, column by column. */
function fieldsOf<Draft>(
  rows: readonly CsvRow[],
  columns: readonly MedusaColumn<Draft>[],
  refuse: Refuse,
): Partial<Draft> {
  const fields: Partial<Record<keyof Draft, unknown>> = {}
  for (const { name, key, field, codec } of columns) {
    const row = rows.find(({ cell }) => cell(key) !== "")
    if (row === undefined) continue
    const cell = row.cell(key)
    const value = codec.read(cell)
    if (value === undefined) refuse(row.line, "import.value_invalid", unfit(name, cell, codec.expected))
    else fields[field] = value
  }
  return fields as Partial<Draft>
}

const unfit = (column: string, cell: string, expected: string) =>
  `${column}: "${cell.slice(0, 100)}" is not ${expected}`

/** Lists of which the file has columns; those of all rows together. */
function listsOf(rows: readonly CsvRow[], { lists }: MedusaHeader, refuse: Refuse): Partial<ProductDraft> {
  const said: Partial<Record<ListField, readonly unknown[]>> = {}
  for (const { field, columns } of lists) {
    if (columns.length === 0) continue
    const cells = rows.flatMap((row) => columns.map((column) => ({ column, line: row.line, text: row.cell(column) })))
    const distinct = new Map(cells.filter(({ text }) => text !== "").map((cell) => [cell.text, cell]))
    said[field] =
      field === "images" ? imagesOf([...distinct.values()], refuse) : [...distinct.values()].map(({ text }) => text)
  }
  return said as Partial<ProductDraft>
}

const imagesOf = (cells: readonly { column: string; line: number; text: string }[], refuse: Refuse) =>
  cells.flatMap(({ column, line, text }) => {
    if (isImageUrl(text)) return [{ url: text }]
    refuse(line, "import.value_invalid", unfit(column, text, "the URL of an image"))
    return []
  })

/** Titles of options in the order of their columns. */
function optionsOf(rows: readonly CsvRow[], { options }: MedusaHeader): string[] {
  const titles = options.flatMap(({ name }) => rows.map((row) => row.cell(name))).filter((title) => title !== "")
  return [...new Set(titles)]
}

function variantsOf(
  rows: readonly CsvRow[],
  header: MedusaHeader,
  options: readonly string[],
  refuse: Refuse,
): { taken: VariantDraft[]; incomplete: boolean } {
  const taken: VariantDraft[] = []
  const lines = new Map<string, number>()
  let incomplete = false
  for (const row of rows) {
    if (!isVariant(row, header)) continue
    const values = valuesOf(row, header, options)
    const missing = options.find((_, index) => values[index] === "")
    const key = options.length === 0 ? `line ${row.line}` : JSON.stringify(values)
    const before = lines.get(key)
    if (missing !== undefined)
      refuse(row.line, "import.value_invalid", `The variant has no value for the option "${missing}"`)
    else if (before !== undefined)
      refuse(row.line, "import.variant_repeated", `Line ${before} is a variant of the same option values`)
    else {
      lines.set(key, row.line)
      const prices = pricesOf(row, header, refuse)
      const fields = fieldsOf([row], variantColumns, refuse)
      taken.push({ ...fields, line: row.line, options: values, ...(prices.length > 0 && { prices }) })
      continue
    }
    incomplete = true
  }
  return { taken, incomplete }
}

/** A product without variants has a row too, that says nothing of any. */
const isVariant = ({ cell }: CsvRow, { ofVariants }: MedusaHeader): boolean =>
  ofVariants.some((column) => cell(column) !== "")

/** By the names in the row: two rows may have their options in different columns. */
function valuesOf(row: CsvRow, header: MedusaHeader, titles: readonly string[]): string[] {
  const values = new Map(header.options.map(({ name, value }) => [row.cell(name), row.cell(value)]))
  return titles.map((title) => values.get(title) ?? "")
}

function pricesOf(row: CsvRow, { prices }: MedusaHeader, refuse: Refuse): CurrencyPrice[] {
  return prices.flatMap(({ column, ...price }) => {
    const cell = row.cell(column)
    if (cell === "") return []
    const found = amount(cell)
    if (found !== undefined) return [{ ...price, amount: found }]
    refuse(row.line, "import.value_invalid", unfit(column, cell, "an amount such as 19.99"))
    return []
  })
}
