import { AsyncLocalStorage } from "node:async_hooks"
import { isRaw, Utils, type Constructor, type EntitySchema, type Transaction } from "@mikro-orm/core"
import {
  MikroORM,
  PostgreSqlConnection,
  PostgreSqlDriver,
  type Configuration,
  type NativeQueryBuilder,
} from "@mikro-orm/postgresql"
import type { Kysely } from "kysely"
import { CompiledQuery, PostgresDialect } from "kysely"
import type { Client, Connection } from "./client.ts"
import { isBegin } from "./sent-together.ts"

export type EntityClass = Constructor<object> | EntitySchema
export type Orm = MikroORM

/**
 * Sends the ORM's statements with their values apart, so that Postgres can prepare them; MikroORM itself writes the
 * values into the text.
 */
class ParametrisedConnection extends PostgreSqlConnection {
  override async execute<T>(
    query: string | NativeQueryBuilder,
    params: readonly unknown[] = [],
    method: "all" | "get" | "run" = "all",
    ctx?: Transaction,
    loggerContext?: Parameters<PostgreSqlConnection["execute"]>[4],
  ): Promise<T> {
    await this.ensureConnection()
    const raw = typeof query === "string" ? { sql: query, params } : query.toRaw()
    const { text, parameters } = numberParameters(raw.sql, raw.params, (name) => this.platform.quoteIdentifier(name))
    return this.executeQuery(
      text,
      async () => {
        const result = await (ctx ?? this.getClient()).executeQuery(CompiledQuery.raw(text, parameters))
        return this.transformRawResult(result as never, method) as T
      },
      { query: text, params: parameters, ...loggerContext } as never,
    )
  }
}

/** Turns the ORM's `?` into `$1`, `$2` …; `??` is an identifier, `\?` a question mark, a raw fragment is spliced in. */
export function numberParameters(
  sql: string,
  values: readonly unknown[],
  quoteIdentifier: (name: string) => string,
): { text: string; parameters: unknown[] } {
  if (values.length === 0) return { text: sql, parameters: [] }
  const parameters: unknown[] = []
  const expand = (fragment: string, fragmentValues: readonly unknown[]): string => {
    let next = 0
    return fragment.replace(/\\\?|\?\??/g, (match) => {
      if (match === "\\?") return "?"
      const value = fragmentValues[next++]
      if (match === "??") return isRaw(value) ? expand(value.sql, value.params) : quoteIdentifier(value as string)
      if (isRaw(value)) return expand(value.sql, value.params)
      parameters.push(Utils.isPlainObject(value) ? JSON.stringify(value) : value)
      return `$${parameters.length}`
    })
  }
  return { text: expand(sql, values), parameters }
}

class Driver extends PostgreSqlDriver {
  constructor(config: Configuration) {
    super(config)
    // The base class makes a connection of its own and offers no seam to make another.
    Object.assign(this, { connection: new ParametrisedConnection(config) })
  }
}

/** Where the connection of a transaction is put when the ORM begins it. */
export const beginning = new AsyncLocalStorage<{ connection: Connection | undefined }>()

/** Kysely's dialect over one of our clients. Closing the ORM leaves the client open: it may have other users. */
export function dialectOf(client: Client): PostgresDialect {
  const connect = async (): Promise<Connection> => {
    const connection = await client.connect()
    const query: Connection["query"] = (text, values) => {
      const begun = beginning.getStore()
      if (begun !== undefined && isBegin(text)) begun.connection = connection
      return connection.query(text, values)
    }
    return { query, pipelined: connection.pipelined, release: (error) => connection.release(error) }
  }
  return new PostgresDialect({ pool: { connect, end: async () => {}, options: {} } as never })
}

let compositions = 0

/**
 * One ORM over the entities of any number of modules.
 *
 * @param schemaOf the Postgres schema of an entity's tables, by class name.
 * @param connection a dialect of ours, or the Kysely of a host whose transactions we join.
 */
export function createOrm(
  entities: readonly EntityClass[],
  schemaOf: ReadonlyMap<string, string>,
  connection: PostgresDialect | Kysely<unknown>,
): Orm {
  return new MikroORM({
    driver: Driver as never,
    entities: [...entities] as never,
    dbName: "postgres",
    driverOptions: connection as never,
    // The ORM finds the transaction under way by this name: a host's ORM must not be mistaken for ours.
    contextName: `marquetry-${++compositions}`,
    allowGlobalContext: true,
    forceUtcTimezone: true,
    discovery: {
      onMetadata: (meta) => {
        const schema = schemaOf.get(meta.className)
        if (schema !== undefined && meta.schema === undefined) meta.schema = schema
      },
    },
    ignoreUndefinedInQuery: false,
    validateRequired: true,
    logger: () => {},
  }) as unknown as Orm
}
