/** What this process is at, so that it can be waited for. The container makes one, and disposes of it as it closes. */
export class Running {
  readonly #closing = new AbortController()
  readonly #works = new Set<Promise<unknown>>()

  /** Aborted when the composition closes. */
  get signal(): AbortSignal {
    return this.#closing.signal
  }

  async track<T>(work: Promise<T>): Promise<T> {
    this.#works.add(work)
    return work.finally(() => this.#works.delete(work))
  }

  async dispose(): Promise<void> {
    this.#closing.abort(new Error("The shop closes"))
    await Promise.allSettled(this.#works)
  }
}
