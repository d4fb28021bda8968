/** Counts what held and what did not, and says the latter at once. */
export class Checks {
  #passed = 0
  #failed = 0

  get failed(): number {
    return this.#failed
  }

  add(title: string, held: boolean, why: string): void {
    if (held) {
      this.#passed++
      return
    }
    this.#failed++
    process.stdout.write(`✗ ${title}\n${why.trim().replaceAll(/^/gm, "    ")}\n`)
  }

  /** A check that holds when `work` resolves. @returns what it resolved to, or `undefined`. */
  async attempt<T>(title: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work()
      this.add(title, true, "")
      return result
    } catch (error) {
      this.add(title, false, (error as Error).message)
      return undefined
    }
  }

  /** The sum, in the words that `.ci/run` adds up. */
  print(): void {
    process.stdout.write(`${this.#passed} passed, ${this.#failed} failed\n`)
  }
}

export function printTable(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => String(row[column]).length)))
  const line = (cells: readonly (string | number)[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return column === 0 ? String(cell).padEnd(width) : String(cell).padStart(width)
      })
      .join("  ")
  const table = [line(heads), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)]
  process.stdout.write(`${table.join("\n")}\n`)
}
