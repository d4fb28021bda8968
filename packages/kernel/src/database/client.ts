import { AsyncLocalStorage } from "node:async_hooks"
import { EventEmitter } from "eventemitter3"
import type { Pool, PoolClient, QueryResult } from "pg"
import { TypeOverrides } from "pg"
import array from "postgres-array"
import { createPostgreSqlTypeParsers } from "@mikro-orm/postgresql"
import type { PGliteLike } from "./source.ts"
import { PreparedStatements } from "./prepared.ts"
import { SentTogether, streamOf } from "./sent-together.ts"

export interface QueryAnswer {
  rows: Record<string, unknown>[]
  rowCount: number
  command: string
}

/** One connection, for as long as it is held. */
export interface Connection {
  /** Statements that are sent without waiting for each other are run in order. */
  query(text: string, values?: readonly unknown[]): Promise<QueryAnswer>
  /** Whether statements are sent while others are under way, and a commit that rolled back is told. */
  readonly pipelined: boolean
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
  readonly #untold = new AsyncLocalStorage<true>()

  record(text: string): void {
    if (this.#listeners.listenerCount("statement") === 0 || this.#untold.getStore() === true) return
    if (/^\s*(begin|start transaction|commit|rollback|savepoint|release|deallocate)\b/i.test(text)) return
    this.#listeners.emit("statement", text)
  }

  /** Runs `work`, whose statements nobody is told of. */
  untold<T>(work: () => T): T {
    return this.#untold.run(true, work)
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
  readonly #guarded = new WeakSet<PoolClient>()

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
    if (!this.#guarded.has(client)) {
      this.#guarded.add(client)
      // While a client is out, and after a broken one was given back, nobody else listens to the errors of its socket,
      // and they would end the process. Whatever was under way rejects all the same.
      client.on("error", () => {})
    }
    return this.#connectionOf(client)
  }

  /**
   * A broken connection is given back at once: whoever began a transaction on it gives it back only when `rollback`
   * succeeds, which it cannot, and the pool would be one short for ever.
   */
  #connectionOf(client: PoolClient): Connection {
    let isHeld = true
    const release = (error?: Error) => {
      if (isHeld) client.release(error)
      isHeld = false
    }
    const send = async (text: string, values?: readonly unknown[]): Promise<QueryAnswer> => {
      if (!isHeld) throw new Error("Connection terminated")
      try {
        return await this.#run(client, text, values)
      } catch (error) {
        if (isBroken(error)) release(error as Error)
        throw error
      }
    }
    const transaction = new SentTogether(send, this.#owned ? streamOf(client) : undefined)
    return { query: (text, values) => transaction.query(text, values), pipelined: this.#owned, release }
  }

  async query(text: string, values?: readonly unknown[]): Promise<QueryAnswer> {
    const connection = await this.connect()
    try {
      return await connection.query(text, values)
    } finally {
      connection.release()
    }
  }

  /** Sends before it waits for anything, so that statements go in the order of the calls. */
  async #run(client: PoolClient, text: string, values: readonly unknown[] = []): Promise<QueryAnswer> {
    this.statements.record(text)
    const prepared = this.#statementsOf(client)
    const name = prepared?.nameOf(text, values.length)
    if (prepared?.room !== undefined) await prepared.room
    const query = { text, values: [...values], types, ...(name === undefined ? {} : { name }) }
    return (await (client.query(query) as Promise<QueryResult>)) as QueryAnswer
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
  return typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code) || code === "EPIPE" || code.startsWith("57P")
}

/** When the last one who asked for the connection of an instance gives it back. */
const lines = new WeakMap<PGliteLike, Promise<void>>()

/**
 * The embedded Postgres has one connection: whoever holds it lets others wait, those of other modules that were given
 * the same instance too.
 */
export class PGliteAdapter implements Client {
  readonly statements = new StatementLog()
  readonly connections = 1
  readonly #pglite: PGliteLike
  readonly #owned: boolean

  constructor(pglite: PGliteLike, owned: boolean) {
    this.#pglite = pglite
    this.#owned = owned
  }

  async connect(): Promise<Connection> {
    const before = lines.get(this.#pglite)
    const { promise, resolve: release } = Promise.withResolvers<void>()
    lines.set(this.#pglite, promise)
    await before
    return { query: (text, values) => this.#run(text, values), pipelined: false, release: () => release() }
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
    await lines.get(this.#pglite)
    if (this.#owned && !this.#pglite.closed) await this.#pglite.close()
  }
}
