import type { Readable } from "node:stream"
import { CsvError, parse } from "csv-parse"
import type { ProductDraft, Reading, Refusal, RefusalCode } from "./product-draft.ts"
import { draftOf, type ShopifyRow } from "./shopify-product.ts"

/** A file that is no product export of Shopify. Nothing of it was taken. */
export class NotAShopifyExport extends Error {
  readonly code = "import.not_a_shopify_export"
  readonly kind = "invalid"
  readonly details: { missing: readonly string[] }
  constructor(missing: readonly string[]) {
    super(`The file is no product CSV of Shopify: its first line lacks ${missing.join(", ")}`)
    this.details = { missing }
  }
}

const REQUIRED = ["Handle", "Title", "Variant Price"]

/** A product is its rows: more than that is a file whose handles are all one. */
export const MAX_ROWS_PER_PRODUCT = 2_000
/** Bytes of one record; beyond, a quote was left open. */
const MAX_RECORD = 1_048_576

/**
 * Reads a product CSV as Shopify exports it, one product at a time, in steady memory.
 *
 * Rows of one product follow each other and share its handle. A row that cannot be used is refused, with its line,
 * and the rest is read on.
 *
 * @throws {NotAShopifyExport} when the header is not that of such a file.
 */
export async function* readShopifyCsv(source: Readable): AsyncGenerator<Reading> {
  const refused: Refusal[] = []
  const rows = rowsOf(source, refused)
  const seen = new Map<string, number>()
  let current: ShopifyRow[] = []
  for await (const row of rows) {
    while (refused.length > 0) yield { refusal: refused.shift() as Refusal }
    const handle = row.cell("Handle")
    if (handle === "") {
      yield refusal(row.line, null, "import.handle_missing", "The row has no handle, so no product that it belongs to")
      continue
    }
    if (current[0] !== undefined && current[0].cell("Handle") !== handle) {
      yield* productOf(current)
      current = []
    }
    const before = seen.get(handle)
    if (current.length === 0 && before !== undefined) {
      const reason = `The product of line ${before} has this handle already: rows of one product must follow each other`
      yield refusal(row.line, handle, "import.handle_repeated", reason)
      continue
    }
    seen.set(handle, before ?? row.line)
    if (current.length < MAX_ROWS_PER_PRODUCT) current.push(row)
    else
      yield refusal(row.line, handle, "import.too_many_variants", `A product has ${MAX_ROWS_PER_PRODUCT} rows at most`)
  }
  if (current.length > 0) yield* productOf(current)
  for (const left of refused) yield { refusal: left }
}

function* productOf(rows: readonly ShopifyRow[]): Generator<Reading> {
  const { draft, refusals } = draftOf(rows)
  for (const found of refusals) yield { refusal: found }
  if (draft !== undefined) yield { draft: draft satisfies ProductDraft }
}

const refusal = (line: number, handle: string | null, code: RefusalCode, reason: string): Reading => ({
  refusal: { line, handle, code, reason },
})

/** The records of the file with their lines; those that are no CSV are refused. */
async function* rowsOf(source: Readable, refused: Refusal[]): AsyncGenerator<ShopifyRow> {
  let header: readonly string[] = []
  const parser = source.pipe(
    parse({
      bom: true,
      columns: (names: string[]) => {
        header = names.map((name) => name.trim())
        const missing = REQUIRED.filter((name) => !header.includes(name))
        if (missing.length > 0) throw new NotAShopifyExport(missing)
        return header.map((name) => (name === "" ? false : name))
      },
      info: true,
      max_record_size: MAX_RECORD,
      record_delimiter: ["\r\n", "\n", "\r"],
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: (error) => {
        if (error instanceof CsvError) refused.push(unreadable(error))
      },
    }),
  )
  source.once("error", (error) => parser.destroy(error))
  let line = 1
  for await (const { record, info } of parser as AsyncIterable<{
    record: Record<string, string>
    info: { lines: number }
  }>) {
    // `lines` counts what was read when the record ended; it began behind the one before.
    const begins = line + 1
    line = info.lines
    yield { line: begins, cell: (name) => (record[name] ?? "").trim(), raw: (name) => record[name] ?? "" }
  }
  if (header.length === 0) throw new NotAShopifyExport(REQUIRED)
}

function unreadable(error: CsvError): Refusal {
  const line = typeof error["lines"] === "number" ? error["lines"] : 0
  return { line, handle: null, code: "import.row_unreadable", reason: `The row is no CSV: ${error.message}` }
}
