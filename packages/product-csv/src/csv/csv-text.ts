import { pipeline, type Readable } from "node:stream"
import { stringify } from "csv-stringify"

/**
 * Rows, the header first, as CSV (RFC 4180, UTF-8), as they come. Cells are written as they are: one that begins with `=`
 * is data here, for programs to read.
 */
export function csvText(rows: AsyncIterable<readonly string[]>): Readable {
  // Whoever reads the text hears what fails, and lets go of the rows by not reading on: there is nothing left to do here.
  return pipeline(rows, stringify(), () => {})
}
