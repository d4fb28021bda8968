import type { PoolClient } from "pg"

/** Longer lists of parameters come from batches of varying size, whose texts seldom come twice. */
const MAX_PARAMETERS = 64

/**
 * The statements that one connection keeps prepared: named per SQL text, and bounded, the one not used for longest
 * making room. Texts are few (one per shape of a query), but a client of the API may invent shapes without end.
 */
export class PreparedStatements {
  readonly #names = new Map<string, string>()
  readonly #client: PoolClient
  readonly #limit: number
  #counter = 0

  constructor(client: PoolClient, limit: number) {
    this.#client = client
    this.#limit = limit
  }

  /** The name to prepare or run `text` under, or `undefined` to run it unprepared. */
  nameOf(text: string, parameters: number): string | undefined {
    if (parameters > MAX_PARAMETERS) return undefined
    const known = this.#names.get(text)
    if (known !== undefined) {
      // A map keeps the order of insertion: to put it back is to make it the youngest.
      this.#names.delete(text)
      this.#names.set(text, known)
      return known
    }
    if (this.#names.size >= this.#limit) this.#evict()
    const name = `mq_${++this.#counter}`
    this.#names.set(text, name)
    return name
  }

  #evict(): void {
    const oldest = this.#names.entries().next().value
    if (oldest === undefined) return
    const [text, name] = oldest
    this.#names.delete(text)
    // Sent ahead of the statement that needs the room. In a transaction that has failed it fails too, harmlessly:
    // the name is never used again.
    this.#client.query(`deallocate ${name}`).catch(() => {})
    const { connection } = this.#client as unknown as { connection?: { parsedStatements?: Record<string, string> } }
    delete connection?.parsedStatements?.[name]
  }
}
