import type { Readable } from "node:stream"
import { ModuleError } from "@marquetry/kernel"
import { openTable } from "./csv/csv-table.ts"
import { medusaReadings, missingOfMedusa } from "./medusa/medusa-csv.ts"
import type { Reading } from "./product-draft.ts"
import { missingOfShopify, shopifyReadings } from "./shopify/shopify-csv.ts"

/** A file that is no product CSV of any system that is known. Nothing of it was taken. */
export class ProductFileUnknown extends ModuleError {
  readonly code = "import.format_unknown"
  readonly kind = "invalid"
  /** By system: the columns that the file lacks. */
  override readonly details: { missing: { shopify: readonly string[]; medusa: readonly string[] } }
  constructor(missing: ProductFileUnknown["details"]["missing"]) {
    super(
      `The file is no product CSV: its first line lacks ${missing.shopify.join(", ")}, which one of Shopify has, and ` +
        `${missing.medusa.join(" or ")}, one of which one of Medusa has`,
    )
    this.details = { missing }
  }
}

/**
 * Reads a product CSV of Shopify or of Medusa, whichever its header says.
 *
 * @throws {ProductFileUnknown} naming the columns that it lacks to be either.
 */
export async function* readProductCsv(source: Readable): AsyncGenerator<Reading> {
  const table = await openTable(source)
  const missing = { shopify: missingOfShopify(table.header), medusa: missingOfMedusa(table.header) }
  if (missing.medusa.length === 0) yield* medusaReadings(table)
  else if (missing.shopify.length === 0) yield* shopifyReadings(table)
  else {
    source.destroy()
    throw new ProductFileUnknown(missing)
  }
}
