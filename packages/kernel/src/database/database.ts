import { TransactionContext, TransactionPropagation } from "@mikro-orm/core"
import type { SqlEntityManager } from "@mikro-orm/postgresql"
import { CompiledQuery } from "kysely"
import { PGliteAdapter, PoolClientAdapter, StatementLog, type Client, type Connection } from "./client.ts"
import { explain } from "./faults.ts"
import { HostTransactions } from "./host.ts"
import { insertRows } from "./insert-rows.ts"
import { learnSizes } from "./learn-sizes.ts"
import { beginning, createOrm, dialectOf, type EntityClass, type Orm } from "./orm.ts"
import { resolveSource, type DatabaseSource } from "./source.ts"
import { softDeleteRows } from "./soft-delete-rows.ts"
import { updateRows } from "./update-rows.ts"
import { writeRows, type RowChanges } from "./write-rows.ts"

export interface DatabaseOptions {
  database?: DatabaseSource
  /** A replica for reads that may lag behind (`Query` with `replica: true`). */
  replica?: DatabaseSource
  /** Statements kept prepared per connection; 0 for a pooler that forbids them (PgBouncer in transaction mode). */
  preparedStatements?: number
}

type Committed = () => void
interface TransactionState {
  afterCommit: Committed[]
  /** Ours, past the ORM: it would run one statement after the other. */
  connection: Connection | undefined
  /** Statements that were sent along with the commit. */
  last: Promise<unknown>[]
  /** Whether it was committed or rolled back; what comes now comes too late. */
  hasEnded: boolean
}

/** The Kysely transaction behind the ORM's opaque one. */
interface RawTransaction {
  executeQuery(query: CompiledQuery): Promise<{ rows: unknown[]; numAffectedRows?: bigint }>
}

/**
 * One Postgres and the ORM over the entities kept in it. Modules composed together share one.
 *
 * The transaction under way is ambient: whatever is called inside {@link transaction} takes part in it.
 */
export class Database {
  readonly orm: Orm
  readonly statements: StatementLog
  readonly #client: Client | undefined
  readonly #replica: Client | undefined
  readonly #host: HostTransactions | undefined
  readonly #states = new WeakMap<object, TransactionState>()

  /** For {@link Database.open}. */
  constructor(orm: Orm, client: Client | undefined, replica: Client | undefined, host?: HostTransactions) {
    this.orm = orm
    this.#client = client
    this.#replica = replica
    this.#host = host
    this.statements = client?.statements ?? new StatementLog()
  }

  /** Prepares access; the first statement connects. */
  static async open(
    entities: readonly EntityClass[],
    schemaOf: ReadonlyMap<string, string>,
    { database, replica, preparedStatements = 500 }: DatabaseOptions = {},
  ): Promise<Database> {
    const replicaClient = replica === undefined ? undefined : await openClient(replica, preparedStatements)
    const source = await resolveSource(database, preparedStatements > 0)
    if (source.kind === "host") {
      const host = new HostTransactions(source.em)
      return new Database(createOrm(entities, schemaOf, host.client), undefined, replicaClient, host)
    }
    const client =
      source.kind === "pool"
        ? new PoolClientAdapter(source.pool, source.owned, preparedStatements)
        : new PGliteAdapter(source.pglite, source.owned)
    return new Database(createOrm(entities, schemaOf, dialectOf(client)), client, replicaClient)
  }

  /** Whether the database is the embedded one: a single connection, a single process. */
  get embedded(): boolean {
    return this.#client instanceof PGliteAdapter
  }

  /** Whether a replica was given for reads that may lag. */
  get hasReplica(): boolean {
    return this.#replica !== undefined
  }

  /**
   * Runs `work` in the transaction under way, or in one of its own. It commits when `work` resolves and rolls back when
   * it rejects. An error inside a joined transaction dooms it as a whole: let it pass.
   */
  async transaction<T>(work: (em: SqlEntityManager) => Promise<T>): Promise<T> {
    const current = this.#current()
    if (current !== undefined) {
      const result = await work(current)
      await current.flush()
      return result
    }
    const hostTransaction = this.#host?.current()
    return hostTransaction === undefined ? this.#begin(work) : this.#joinHost(hostTransaction, work)
  }

  async #begin<T>(work: (em: SqlEntityManager) => Promise<T>): Promise<T> {
    const state: TransactionState = { afterCommit: [], connection: undefined, last: [], hasEnded: false }
    const begin = () =>
      this.orm.em.fork({ clear: true }).transactional(
        async (em) => {
          this.#states.set(em, state)
          try {
            return await work(em as unknown as SqlEntityManager)
          } finally {
            state.hasEnded = true
          }
        },
        { propagation: TransactionPropagation.REQUIRED, clear: true },
      )
    const result = await beginning.run(state, begin).catch(async (error: unknown) => {
      // What failed first is the reason of what failed later.
      await Promise.all(state.last)
      return explain(error)
    })
    for (const committed of state.afterCommit) committed()
    return result
  }

  /** The host commits. */
  async #joinHost<T>(context: object, work: (em: SqlEntityManager) => Promise<T>): Promise<T> {
    const em = this.orm.em.fork({ clear: true })
    em.setTransactionContext(context)
    return TransactionContext.create(em, async () => {
      const result = await work(em as unknown as SqlEntityManager)
      await em.flush()
      return result
    }).catch(explain)
  }

  #current(): SqlEntityManager | undefined {
    const em = this.orm.em.getContext(false)
    return em.isInTransaction() ? (em as unknown as SqlEntityManager) : undefined
  }

  get inTransaction(): boolean {
    return this.#current() !== undefined || this.#host?.current() !== undefined
  }

  /**
   * Ends the transaction under way with a statement that was sent already: the commit does not wait for its answer, and
   * whoever waits for the transaction does. For the last write of a transaction that needs nothing of it; a statement that
   * fails rolls all back, and is what the transaction rejects with. Where statements cannot be sent ahead it is waited for.
   */
  async endWith(statement: Promise<unknown>): Promise<void> {
    const current = this.#current()
    const state = current && this.#states.get(current)
    if (state?.connection?.pipelined !== true) {
      await statement
      return
    }
    state.last.push(statement)
    // Its failure is told when the transaction ends.
    statement.catch(() => {})
  }

  /** Calls back once the transaction under way has committed; at once when there is none. Never after a rollback. */
  afterCommit(callback: Committed): void {
    const current = this.#current()
    const state = current && this.#states.get(current)
    if (state !== undefined) {
      state.afterCommit.push(callback)
      return
    }
    const hostTransaction = this.#host?.current()
    if (hostTransaction === undefined) callback()
    else this.#host?.afterCommit(hostTransaction, callback)
  }

  /**
   * Runs one statement, prepared, in the transaction under way if there is one.
   *
   * @param values for `$1`, `$2` …
   */
  async sql<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.#execute(text, values)
    return rows as Row[]
  }

  /** Like {@link sql}, for statements that answer no rows: how many rows they changed. */
  async run(text: string, values: readonly unknown[] = []): Promise<number> {
    const { rowCount } = await this.#execute(text, values)
    return rowCount
  }

  /**
   * Like {@link sql}, for reads.
   *
   * @param replica whether the replica may answer, and lag behind. Inside a transaction it never does.
   */
  async read<Row extends object>(text: string, values: readonly unknown[], replica = false): Promise<Row[]> {
    if (!replica || this.#replica === undefined || this.inTransaction) return this.sql(text, values)
    const { rows } = await this.#replica.query(text, values).catch(explain)
    return rows as Row[]
  }

  async #execute(text: string, values: readonly unknown[]): Promise<{ rows: unknown[]; rowCount: number }> {
    const state = this.#states.get(this.orm.em.getContext(false))
    // Outside of the transaction it would be written for good, though the transaction was rolled back.
    if (state?.hasEnded === true) throw new Error("A statement came after the end of its transaction: wait for it")
    if (state?.connection !== undefined) return state.connection.query(text, values).catch(explain)
    const current = this.#current()
    const transaction = current?.getTransactionContext<RawTransaction>() ?? this.#host?.current<RawTransaction>()
    if (transaction === undefined && this.#client !== undefined) return this.#client.query(text, values).catch(explain)
    const executor = transaction ?? (this.orm.em.getConnection().getClient() as unknown as RawTransaction)
    const result = await executor.executeQuery(CompiledQuery.raw(text, [...values])).catch(explain)
    return { rows: result.rows, rowCount: Number(result.numAffectedRows ?? result.rows.length) }
  }

  /**
   * Writes any number of rows of one entity in one statement, without building entities: for bulk work.
   *
   * Ids, timestamps and defaults are filled in as the ORM would. Rows hold property names; a to-one relation is given
   * by the target's id.
   *
   * @returns the ids, in order.
   */
  insertRows(entity: EntityClass, rows: readonly Record<string, unknown>[]): Promise<string[]> {
    return insertRows(this, entity, rows)
  }

  /**
   * Changes any number of rows of one entity in one statement, without loading them: the twin of {@link insertRows}.
   *
   * Each row holds its key and the properties that change; what it does not name stays, but for what the ORM sets with
   * every update (`updatedAt`). Rows are locked in order of their keys. Keys that there are not are passed over.
   *
   * @returns how many rows there were.
   * @throws {TypeError} when a row has no key, two have the same, or a property has no column.
   */
  updateRows(entity: EntityClass, rows: readonly Record<string, unknown>[]): Promise<number> {
    return updateRows(this, entity, rows)
  }

  /**
   * Marks rows of one entity as deleted in one statement, without loading them. They are locked in order of their keys,
   * against those, too, who are adding a row that refers to them: what belongs to them is deleted next, and none is missed.
   *
   * @param property the key, or a relation to the rows that they belong to.
   * @returns the keys of those that were not deleted before.
   * @throws {TypeError} when the property, or `deletedAt`, has no column.
   */
  softDeleteRows(entity: EntityClass, property: string, values: readonly string[]): Promise<string[]> {
    return softDeleteRows(this, entity, property, values)
  }

  /**
   * Makes, changes and deletes rows of several entities in one statement: what {@link insertRows} and {@link updateRows}
   * do, for a whole aggregate at once.
   *
   * All parts see the rows as they were before, in no order: a row is named by one part only, and a unique key that one
   * row gives up cannot be taken by another in the same call.
   */
  writeRows(changes: readonly RowChanges[]): Promise<void> {
    return writeRows(this, changes)
  }

  /**
   * Lets Postgres look at tables of ours that have grown much, before what was written is read. It does so by itself within
   * minutes; until then it takes tables that were just filled for empty ones, and reads of them take longer with every row.
   *
   * Tables that somebody else lets it look at are passed over. One statement, and another while tables double.
   */
  learnSizes(): Promise<void> {
    const schemas = [...this.orm.getMetadata().getAll().values()].flatMap(({ schema }) => schema ?? [])
    return learnSizes(this, [...new Set([...schemas, "link"])])
  }

  /**
   * Keeps the statements that `work` sends from those who listen to {@link statements}: for what goes on behind the
   * calls that somebody counts.
   */
  untold<T>(work: () => T): T {
    return this.statements.untold(work)
  }

  /** Ends the connections that are ours. A host's pool, PGlite or EntityManager stays open. */
  async close(): Promise<void> {
    // Closing the ORM would end the host's connections with it.
    if (this.#host === undefined) await this.orm.close(true)
    await this.#client?.end()
    await this.#replica?.end()
  }
}

async function openClient(source: DatabaseSource, prepared: number): Promise<Client> {
  const resolved = await resolveSource(source, prepared > 0)
  if (resolved.kind === "pool") return new PoolClientAdapter(resolved.pool, resolved.owned, prepared)
  if (resolved.kind === "pglite") return new PGliteAdapter(resolved.pglite, resolved.owned)
  throw new TypeError("A replica is a URL, a pg.Pool or its options")
}
