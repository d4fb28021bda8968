import type { ProductDraft, Reading, Refusal } from "../product-draft.ts"
import { refusal, type CsvRow, type CsvRows } from "./csv-table.ts"

/** A product is its rows: more than that is a file whose handles are all one. */
export const MAX_ROWS_PER_PRODUCT = 2_000

/** How a format tells products apart, and what it makes of their rows. */
export interface ProductRows {
  /** The column, or columns, that name the product of a row. */
  readonly naming: string
  /** What rows of one product have in common; empty when nothing says which product a row belongs to. */
  readonly keyOf: (row: CsvRow) => string
  readonly draftOf: (rows: readonly CsvRow[]) => { draft: ProductDraft | undefined; refusals: readonly Refusal[] }
}

/** Products of rows that follow each other, one at a time, in steady memory. */
export async function* productsOf(rows: CsvRows, format: ProductRows): AsyncGenerator<Reading> {
  const seen = new Map<string, number>()
  let current: CsvRow[] = []
  let key = ""
  for await (const row of rows) {
    if ("refusal" in row) {
      yield row
      continue
    }
    const next = format.keyOf(row)
    if (next === "") {
      const reason = `The row has no ${format.naming}, so no product that it belongs to`
      yield refusal(row.line, null, "import.handle_missing", reason)
      continue
    }
    if (next !== key) {
      yield* readingsOf(current, format)
      current = []
      key = next
    }
    const before = seen.get(next)
    if (current.length === 0 && before !== undefined) {
      const reason = `The product of line ${before} has this ${format.naming} already: rows of one product must follow each other`
      yield refusal(row.line, next, "import.handle_repeated", reason)
      continue
    }
    seen.set(next, before ?? row.line)
    if (current.length < MAX_ROWS_PER_PRODUCT) current.push(row)
    else yield refusal(row.line, next, "import.too_many_variants", `A product has ${MAX_ROWS_PER_PRODUCT} rows at most`)
  }
  yield* readingsOf(current, format)
}

function* readingsOf(rows: readonly CsvRow[], { draftOf }: ProductRows): Generator<Reading> {
  if (rows.length === 0) return
  const { draft, refusals } = draftOf(rows)
  for (const found of refusals) yield { refusal: found }
  if (draft !== undefined) yield { draft }
}
