import type { Readable } from "node:stream"
import { ModuleError } from "@marquetry/kernel"
import { openTable, type CsvTable } from "../csv/csv-table.ts"
import { productsOf } from "../csv/product-rows.ts"
import type { Reading } from "../product-draft.ts"
import { requiredColumns } from "./shopify-columns.ts"
import { draftOf } from "./shopify-product.ts"

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

/**
 * Reads a product CSV as Shopify exports it, one product at a time, in steady memory.
 *
 * Rows of one product follow each other and share its handle. A row that cannot be used is refused, with its line,
 * and the rest is read on. The source is destroyed at the end, or when reading stops before it.
 *
 * @throws {NotAShopifyExport} when the header is not that of such a file.
 */
export async function* readShopifyCsv(source: Readable): AsyncGenerator<Reading> {
  const table = await openTable(source)
  const missing = missingOfShopify(table.header)
  if (missing.length > 0) {
    source.destroy()
    throw new NotAShopifyExport(missing)
  }
  yield* shopifyReadings(table)
}

/** Columns without which a header is not Shopify's. */
export const missingOfShopify = (header: readonly string[]): string[] =>
  requiredColumns.filter((name) => !header.includes(name))

export const shopifyReadings = (table: CsvTable): AsyncGenerator<Reading> =>
  productsOf(table.rows(), { naming: "handle", keyOf: (row) => row.cell("Handle").toLowerCase(), draftOf })
