import type { Readable } from "node:stream"
import { ModuleError } from "@marquetry/kernel"
import { openTable, refusal, type CsvTable } from "../csv/csv-table.ts"
import { productsOf } from "../csv/product-rows.ts"
import type { Reading } from "../product-draft.ts"
import { readHeader, spelling } from "./medusa-columns.ts"
import { draftOf, handleOf } from "./medusa-product.ts"

/** A file that is no product export of Medusa. Nothing of it was taken. */
export class NotAMedusaExport extends ModuleError {
  readonly code = "import.not_a_medusa_export"
  readonly kind = "invalid"
  override readonly details: { missing: readonly string[] }
  constructor(missing: readonly string[]) {
    super(`The file is no product CSV of Medusa: its first line has none of ${missing.join(", ")}`)
    this.details = { missing }
  }
}

/** One of them says which product a row belongs to. */
const NAMING = ["Product Id", "Product Handle"]

/**
 * Reads a product CSV as Medusa's admin exports it, or as its import template, one product at a time, in steady memory.
 *
 * Rows of one product follow each other and share its id, or its handle. Columns that are none of Medusa's are reported
 * and passed over. The source is destroyed at the end, or when reading stops before it.
 *
 * @throws {NotAMedusaExport} when the header is not that of such a file.
 */
export async function* readMedusaCsv(source: Readable): AsyncGenerator<Reading> {
  const table = await openTable(source)
  const missing = missingOfMedusa(table.header)
  if (missing.length > 0) {
    source.destroy()
    throw new NotAMedusaExport(missing)
  }
  yield* medusaReadings(table)
}

/** Columns without any of which a header is not Medusa's; none when it is. */
export const missingOfMedusa = (header: readonly string[]): string[] => {
  const columns = new Set(header.map(spelling))
  return NAMING.some((name) => columns.has(spelling(name))) ? [] : NAMING
}

export async function* medusaReadings(table: CsvTable): AsyncGenerator<Reading> {
  const header = readHeader(table.header)
  if (header.unknown.length > 0) {
    const reason = `The file has columns that no product CSV of Medusa has, which were passed over: ${header.unknown.join(", ")}`
    yield refusal(1, null, "import.column_unknown", reason)
  }
  yield* productsOf(table.rows(spelling), {
    naming: "product id or handle",
    keyOf: (row) => row.cell("product id") || handleOf(row),
    draftOf: (rows) => draftOf(rows, header),
  })
}
