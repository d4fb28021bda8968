import { EventEmitter } from "eventemitter3"
import type { Pool, PoolClient, QueryResult } from "pg"
import { TypeOverrides } from "pg"
import array from "postgres-array"
import { createPostgreSqlTypeParsers } from "@mikro-orm/postgresql"
import type { PGliteLike } from "./source.ts"
import { PreparedStatements } from "./prepared.ts"

export interface QueryAnswer {
  rows: Record<string, unknown>[]
  rowCount: number
  command: string
}

/** One connection, for as long as it is held. */
export interface Connection {
  query(text: string, values?: readonly unknown[]): Promise<QueryAnswer>
  release(error?: Error): void
}

/** The two ways to a Postgres, a pool of connections and the embedded one, behind one face. */
export interface Client {
  connect(): Promise<Connection>
  /** Runs one statement on any connection, outside every transaction. */
  query(text: string, values?: readonly unknown[]): Promise<QueryAnswer>
  /** How many statements can run at once. */
  readonly connections: number
  readonly statements: StatementLog
  end(): Promise<void>
}

/** Tells each statement that is sent, but for those that only begin or end a transaction. */
export class StatementLog {
  readonly #listeners = new EventEmitter<{ statement: [text: string] }>()

  record(text: string): void {
    if (this.#listeners.listenerCount("statement") === 0) return
    if (/^\s*(begin|start transaction|commit|rollback|savepoint|release|deallocate)\b/i.test(text)) return
    this.#listeners.emit("statement", text)
  }

  /** @returns a function that ends the subscription. */
  subscribe(listener: (text: string) => void): () => void {
    this.#listeners.on("statement", listener)
    return () => this.#listeners.off("statement", listener)
  }
}

const parsers = createPostgreSqlTypeParsers((text: string) => array.parse(text))

/** Dates as text, so that a host's own pool gives us what the ORM expects, whatever the host has set. */
const types = new TypeOverrides()
for (const [oid, parser] of Object.entries(parsers))
  types.setTypeParser(Number(oid), parser as (text: string) => unknown)

export class PoolClientAdapter implements Client {
  readonly statements = new StatementLog()
  readonly #pool: Pool
  readonly #owned: boolean
  readonly #preparedLimit: number
  readonly #prepared = new WeakMap<PoolClient, PreparedStatements>()

  /** @param preparedLimit statements kept prepared per connection; 0 for poolers that forbid them. */
  constructor(pool: Pool, owned: boolean, preparedLimit: number) {
    this.#pool = pool
    this.#owned = owned
    this.#preparedLimit = preparedLimit
    // Without a listener, a connection that the server drops while idle would end the process.
    if (owned) pool.on("error", () => {})
  }

  get connections(): number {
    return this.#pool.options.max
  }

  async connect(): Promise<Connection> {
    const client = await this.#pool.connect()
    // While a client is out, pg leaves errors of its socket to whoever holds it; the query itself rejects too.
    const ignore = () => {}
    client.on("error", ignore)
    return {
      query: (text, values) => this.#run(client, text, values),
      release: (error) => {
        client.off("error", ignore)
        client.release(error)
      },
    }
  }

  async query(text: string, values?: readonly unknown[]): Promise<QueryAnswer> {
    const connection = await this.connect()
    let failure: Error | undefined
    try {
      return await connection.query(text, values)
    } catch (error) {
      failure = isBroken(error) ? (error as Error) : undefined
      throw error
    } finally {
      connection.release(failure)
    }
  }

  #run(client: PoolClient, text: string, values: readonly unknown[] = []): Promise<QueryAnswer> {
    this.statements.record(text)
    const name = this.#statementsOf(client)?.nameOf(text, values.length)
    const query = { text, values: [...values], types, ...(name === undefined ? {} : { name }) }
    return client.query(query) as Promise<QueryResult> as Promise<QueryAnswer>
  }

  #statementsOf(client: PoolClient): PreparedStatements | undefined {
    if (this.#preparedLimit === 0) return undefined
    let statements = this.#prepared.get(client)
    if (statements === undefined) {
      statements = new PreparedStatements(client, this.#preparedLimit)
      this.#prepared.set(client, statements)
    }
    return statements
  }

  async end(): Promise<void> {
    if (this.#owned && !this.#pool.ended) await this.#pool.end()
  }
}

/** A connection that failed without an answer from the server (no SQLSTATE) is not put back into the pool. */
function isBroken(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return typeof code !== "string" || code.length !== 5 || code.startsWith("57P")
}

/** The embedded Postgres has one connection: whoever holds it lets others wait. */
export class PGliteAdapter implements Client {
  readonly statements = new StatementLog()
  readonly connections = 1
  readonly #pglite: PGliteLike
  readonly #owned: boolean
  #last: Promise<void> = Promise.resolve()

  constructor(pglite: PGliteLike, owned: boolean) {
    this.#pglite = pglite
    this.#owned = owned
  }

  async connect(): Promise<Connection> {
    const before = this.#last
    let release = (): void => {}
    this.#last = new Promise((resolve) => (release = resolve))
    await before
    return { query: (text, values) => this.#run(text, values), release }
  }

  async query(text: string, values?: readonly unknown[]): Promise<QueryAnswer> {
    const connection = await this.connect()
    try {
      return await connection.query(text, values)
    } finally {
      connection.release()
    }
  }

  async #run(text: string, values: readonly unknown[] = []): Promise<QueryAnswer> {
    this.statements.record(text)
    const { rows, affectedRows } = await this.#pglite.query(text, [...values], { parsers })
    // PGlite does not name the command; `UPDATE` makes the ORM read the count, and rows are there either way.
    return { rows: rows as Record<string, unknown>[], rowCount: affectedRows || rows.length, command: "UPDATE" }
  }

  async end(): Promise<void> {
    await this.#last
    if (this.#owned && !this.#pglite.closed) await this.#pglite.close()
  }
}
