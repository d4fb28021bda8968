import type { Readable } from "node:stream"
import { ModuleError } from "@marquetry/kernel"
import { readCsv } from "./csv-records.ts"
import type { Reading, RefusalCode } from "./product-draft.ts"
import { draftOf, type ShopifyRow } from "./shopify-product.ts"

/** A file that is no product export of Shopify. Nothing of it was taken. */
export class NotAShopifyExport extends ModuleError {
  readonly code = "import.not_a_shopify_export"
  readonly kind = "invalid"
  override readonly details: { missing: readonly string[] }
  constructor(missing: readonly string[]) {
    super(`The file is no product CSV of Shopify: its first line lacks ${missing.join(", ")}`)
    this.details = { missing }
  }
}

const REQUIRED = ["Handle", "Title", "Variant Price"]

/** A product is its rows: more than that is a file whose handles are all one. */
export const MAX_ROWS_PER_PRODUCT = 2_000

/**
 * Reads a product CSV as Shopify exports it, one product at a time, in steady memory.
 *
 * Rows of one product follow each other and share its handle. A row that cannot be used is refused, with its line,
 * and the rest is read on. The source is destroyed at the end, or when reading stops before it.
 *
 * @throws {NotAShopifyExport} when the header is not that of such a file.
 */
export async function* readShopifyCsv(source: Readable): AsyncGenerator<Reading> {
  const seen = new Map<string, number>()
  let current: ShopifyRow[] = []
  for await (const row of rowsOf(source)) {
    if ("refusal" in row) {
      yield row
      continue
    }
    const handle = handleOf(row)
    if (handle === "") {
      yield refusal(row.line, null, "import.handle_missing", "The row has no handle, so no product that it belongs to")
      continue
    }
    if (current[0] !== undefined && handleOf(current[0]) !== handle) {
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
}

const handleOf = (row: ShopifyRow) => row.cell("Handle").toLowerCase()

function* productOf(rows: readonly ShopifyRow[]): Generator<Reading> {
  const { draft, refusals } = draftOf(rows)
  for (const found of refusals) yield { refusal: found }
  if (draft !== undefined) yield { draft }
}

const refusal = (line: number, handle: string | null, code: RefusalCode, reason: string) => ({
  refusal: { line, handle, code, reason },
})

/** The rows below the header; those that are no CSV, or do not fit the header, are refused. */
async function* rowsOf(source: Readable): AsyncGenerator<ShopifyRow | ReturnType<typeof refusal>> {
  let columns: ReadonlyMap<string, number> | undefined
  let width = 0
  for await (const record of readCsv(source)) {
    if (columns === undefined) {
      const names = "cells" in record ? record.cells.map((name) => name.trim()) : []
      columns = columnsOf(names)
      width = names.length
    } else if ("fault" in record) {
      yield unreadable(record.line, record.fault)
    } else {
      const fault = faultOf(record.cells, width)
      yield fault === undefined ? rowOf(record.line, record.cells, columns) : unreadable(record.line, fault)
    }
  }
  if (columns === undefined) throw new NotAShopifyExport(REQUIRED)
}

/** Where each column is; the first, where a name is there twice. */
function columnsOf(names: readonly string[]): ReadonlyMap<string, number> {
  const columns = new Map(names.map((name, index) => [name, index] as const).toReversed())
  const missing = REQUIRED.filter((name) => !columns.has(name))
  if (missing.length > 0) throw new NotAShopifyExport(missing)
  return columns
}

function rowOf(line: number, cells: readonly string[], columns: ReadonlyMap<string, number>): ShopifyRow {
  return { line, cell: (name) => cells[columns.get(name) ?? -1]?.trim() ?? "" }
}

function faultOf(cells: readonly string[], width: number): string | undefined {
  if (cells.length !== width) return `it has ${cells.length} cells, and the header ${width}`
  if (cells.some((cell) => cell.includes("\0"))) return "it holds a NUL character, which no text may"
  if (cells.some((cell) => cell.includes("\uFFFD"))) return "it is not UTF-8: save the file in that encoding"
  return undefined
}

const unreadable = (line: number, fault: string) =>
  refusal(line, null, "import.row_unreadable", `The row cannot be read: ${fault}`)
