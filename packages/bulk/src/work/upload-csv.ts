import type { Readable } from "node:stream"
import { pipeline } from "node:stream"
import type { FileService } from "@marquetry/file"
import { stringify } from "csv-stringify"
import { readableWith, type BulkKind } from "../operation/bulk-operation.entity.ts"
import type { ClaimedOperation } from "../operation/operation-rows.ts"

const names: Readonly<Partial<Record<BulkKind, string>>> = {
  "product-export": "product-exports",
  "order-export": "order-exports",
  "inventory-export": "inventory-item-exports",
}

/** Keeps a CSV as it is written. Private: what shops export is not for whoever guesses a URL, nor for all who may have files. */
export async function uploadCsv(
  files: FileService,
  { kind, requestedBy: createdBy }: Pick<ClaimedOperation, "kind" | "requestedBy">,
  content: Readable,
): Promise<string> {
  const filename = `${Date.now()}-${names[kind] ?? kind}.csv`
  const described = { filename, mimeType: "text/csv", access: "private", createdBy } as const
  const { id } = await files.upload({ ...described, readableWith: [...readableWith[kind]], content })
  return id
}

/**
 * Rows for people and their spreadsheets, the header first. Cells that a spreadsheet would compute (`=`, `+`, `-`, `@` at
 * their beginning) get an apostrophe: shoppers write names and addresses.
 */
export function sheet(rows: AsyncIterable<readonly (string | number | null)[]>): Readable {
  // Whoever reads the text hears what fails, and lets go of the rows by not reading on: there is nothing left to do here.
  return pipeline(rows, stringify({ escape_formulas: true }), () => {})
}
