import type { Connection, PoolClient, Submittable } from "pg"

/** Longer lists of parameters come from batches of varying size, whose texts seldom come twice. */
const MAX_PARAMETERS = 64

/**
 * Drops a prepared statement by a message of the protocol. The statement `deallocate` would be refused in a transaction
 * that has failed, and would fail a healthy one when the name was never prepared because its own statement failed.
 */
class CloseStatement implements Submittable {
  readonly #name: string
  readonly #done: () => void

  constructor(name: string, done: () => void) {
    this.#name = name
    this.#done = done
  }

  submit(connection: Connection): void {
    const { parsedStatements } = connection as unknown as { parsedStatements?: Record<string, string> }
    delete parsedStatements?.[this.#name]
    connection.close({ type: "S", name: this.#name }, false)
    connection.sync()
  }

  handleReadyForQuery(): void {
    this.#done()
  }

  /** Of the connection: the next statement meets it too, and tells. */
  handleError(): void {
    this.#done()
  }
}

/**
 * The statements that one connection keeps prepared: named per SQL text, and bounded, the one not used for longest
 * making room. Texts are few (one per shape of a query), but a client of the API may invent shapes without end.
 */
export class PreparedStatements {
  readonly #names = new Map<string, string>()
  readonly #client: PoolClient
  readonly #limit: number
  #counter = 0
  #closing: Promise<void> | undefined

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

  /** Resolves when there is room for the statement that was named last; `undefined` when there is. */
  get room(): Promise<void> | undefined {
    return this.#closing
  }

  #evict(): void {
    const oldest = this.#names.entries().next().value
    if (oldest === undefined) return
    const [text, name] = oldest
    this.#names.delete(text)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#closing = promise
    const done = () => {
      if (this.#closing === promise) this.#closing = undefined
      resolve()
    }
    this.#client.query(new CloseStatement(name, done))
  }
}
