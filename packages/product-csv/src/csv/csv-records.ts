/** A record of a CSV file, or a line that is none. */
export type CsvRecord =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly fault: string }

/** Characters of one record; beyond, a quote was left open. */
export const MAX_RECORD = 1_048_576

/** What begins at a place of the text: a record, the need for more text, or something that is no CSV. */
type Scan =
  | { readonly kind: "record"; readonly cells: string[]; readonly end: number }
  | { readonly kind: "more" }
  | { readonly kind: "fault"; readonly reason: string }

/**
 * Reads CSV (RFC 4180, UTF-8 with or without a byte order mark, lines ended by CRLF, LF or CR) record by record, in
 * steady memory.
 *
 * A quote that is never closed would swallow what follows. So where a record cannot be read, its first line alone is
 * given up, and reading goes on with the next one. Empty lines are passed over.
 */
export async function* readCsv(source: AsyncIterable<Uint8Array | string>): AsyncGenerator<CsvRecord> {
  const scanner = new Scanner()
  const decoder = new TextDecoder("utf-8")
  for await (const chunk of source) {
    yield* scanner.take(typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }))
  }
  yield* scanner.finish(decoder.decode())
}

class Scanner {
  #text = ""
  #line = 1
  /** Inside a line that was given up and whose end has not come yet. */
  #skipping = false

  /** @returns where the next line begins, or `undefined` when that has not come yet. */
  #endOfLine(start: number, last: boolean): number | undefined {
    lineBreak.lastIndex = start
    const found = lineBreak.exec(this.#text)
    if (found === null) return last ? this.#text.length : undefined
    const end = found.index + found[0].length
    return found[0] === "\r" && end === this.#text.length && !last ? undefined : end
  }

  /** All that came of a line that is given up can go, but for a CR whose LF may follow. */
  #keepReturn(start: number): number {
    return this.#text.endsWith("\r") ? this.#text.length - 1 : Math.max(this.#text.length, start)
  }

  *take(text: string): Generator<CsvRecord> {
    const begins = this.#line === 1 && this.#text === ""
    this.#text += begins && text.startsWith("\uFEFF") ? text.slice(1) : text
    yield* this.#read(false)
  }

  *finish(text: string): Generator<CsvRecord> {
    this.#text += text
    yield* this.#read(true)
  }

  *#read(last: boolean): Generator<CsvRecord> {
    let start = 0
    while (start < this.#text.length) {
      if (this.#skipping) {
        const end = this.#endOfLine(start, last)
        this.#skipping = end === undefined
        start = end ?? this.#keepReturn(start)
        if (end === undefined) break
        this.#line++
        continue
      }
      const scan = this.#scan(start, last)
      if (scan.kind === "more") break
      if (scan.kind === "fault") {
        yield { line: this.#line, fault: scan.reason }
        this.#skipping = true
        continue
      }
      const { cells, end } = scan
      if (cells.length > 1 || cells[0] !== "") yield { line: this.#line, cells }
      this.#line += breaksIn(this.#text, start, end)
      start = end
    }
    this.#text = this.#text.slice(start)
  }

  #scan(start: number, last: boolean): Scan {
    const scan = scanRecord(this.#text, start, last)
    const length = (scan.kind === "record" ? scan.end : this.#text.length) - start
    if (scan.kind === "fault" || length <= MAX_RECORD) return scan
    return {
      kind: "fault",
      reason: `it has more than ${MAX_RECORD} characters: is a quote left open?`,
    }
  }
}

const lineBreak = /\r\n|\n|\r/g

function breaksIn(text: string, start: number, end: number): number {
  let count = 0
  lineBreak.lastIndex = start
  while (lineBreak.exec(text) !== null && lineBreak.lastIndex <= end) count++
  return count
}

function scanRecord(text: string, start: number, last: boolean): Scan {
  const cells: string[] = []
  for (let position = start; ; position++) {
    const quoted = text.startsWith('"', position)
    const end = quoted ? closingQuote(text, position + 1) : endOfCell(text, position)
    if (end === undefined) return last ? { kind: "fault", reason: "a quote is left open" } : { kind: "more" }
    cells.push(quoted ? text.slice(position + 1, end).replaceAll('""', '"') : text.slice(position, end))
    position = quoted ? end + 1 : end
    const next = text[position]
    if (next === ",") continue
    if (next === undefined) return last ? { kind: "record", cells, end: position } : { kind: "more" }
    if (next === "\n") return { kind: "record", cells, end: position + 1 }
    if (next !== "\r") return { kind: "fault", reason: `"${next}" follows a closing quote` }
    if (position + 1 === text.length && !last) return { kind: "more" }
    return {
      kind: "record",
      cells,
      end: text[position + 1] === "\n" ? position + 2 : position + 1,
    }
  }
}

/** Where the quote is that ends a cell: a doubled one stands for itself. */
function closingQuote(text: string, from: number): number | undefined {
  for (let position = from; ; position += 2) {
    position = text.indexOf('"', position)
    if (position === -1) return undefined
    if (text[position + 1] !== '"') return position
  }
}

const cellEnd = /[,\r\n]/g

function endOfCell(text: string, from: number): number {
  cellEnd.lastIndex = from
  return cellEnd.exec(text)?.index ?? text.length
}
