import type { Readable } from "node:stream"
import type { Refusal, RefusalCode } from "../product-draft.ts"
import { readCsv } from "./csv-records.ts"

/** A row below the header. */
export interface CsvRow {
  /** The line that it begins on; the header is line 1. */
  readonly line: number
  /** A cell without blanks around it; empty when the file has no such column. */
  readonly cell: (column: string) => string
}

/** Rows below a header; those that are no CSV, or do not fit the header, are refused. */
export type CsvRows = AsyncGenerator<CsvRow | { readonly refusal: Refusal }>

/** A file whose header was read. */
export interface CsvTable {
  /** Names of the columns, as they stand in the file but for blanks around them; none when the file has no header. */
  readonly header: readonly string[]
  /**
   * The rows below, once. The source is destroyed at their end, or when reading stops before it.
   *
   * @param spelling one name for all ways to write a column; where two columns have it, the first counts.
   */
  readonly rows: (spelling?: (name: string) => string) => CsvRows
}

/** Reads the header of a file. Whoever reads no rows destroys the source. */
export async function openTable(source: Readable): Promise<CsvTable> {
  const records = readCsv(source)
  const first = await records.next()
  const header = first.done !== true && "cells" in first.value ? first.value.cells.map((name) => name.trim()) : []
  const rows: CsvTable["rows"] = (spelling = (name) => name) => {
    const columns = new Map(header.map((name, index) => [spelling(name), index] as const).toReversed())
    return rowsOf(records, columns, header.length)
  }
  return { header, rows }
}

async function* rowsOf(
  records: ReturnType<typeof readCsv>,
  columns: ReadonlyMap<string, number>,
  width: number,
): CsvRows {
  for await (const record of records) {
    if ("fault" in record) {
      yield unreadable(record.line, record.fault)
      continue
    }
    const { line, cells } = record
    const fault = faultOf(cells, width)
    if (fault === undefined) yield { line, cell: (name) => cells[columns.get(name) ?? -1]?.trim() ?? "" }
    else yield unreadable(line, fault)
  }
}

function faultOf(cells: readonly string[], width: number): string | undefined {
  if (cells.length !== width) return `it has ${cells.length} cells, and the header ${width}`
  if (cells.some((cell) => cell.includes("\0"))) return "it holds a NUL character, which no text may"
  if (cells.some((cell) => cell.includes("\uFFFD"))) return "it is not UTF-8: save the file in that encoding"
  return undefined
}

export const refusal = (line: number, handle: string | null, code: RefusalCode, reason: string) => ({
  refusal: { line, handle, code, reason },
})

const unreadable = (line: number, fault: string) =>
  refusal(line, null, "import.row_unreadable", `The row cannot be read: ${fault}`)
