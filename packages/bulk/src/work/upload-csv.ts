import type { Readable } from "node:stream"
import { pipeline } from "node:stream"
import type { FileService } from "@marquetry/file"
import { stringify } from "csv-stringify"

/** Keeps a CSV as it is written. Private: what shops export is not for whoever guesses a URL. */
export async function uploadCsv(
  files: FileService,
  name: string,
  content: Readable,
  createdBy: string | null,
): Promise<string> {
  const filename = `${Date.now()}-${name}.csv`
  const { id } = await files.upload({ filename, mimeType: "text/csv", access: "private", content, createdBy })
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
