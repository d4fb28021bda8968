import type { EntityManager } from "@mikro-orm/core"
import type { Pool, PoolConfig } from "pg"
import { ModuleError } from "../errors.ts"

/** The part of a PGlite instance that we use; the package itself is an optional peer. */
export interface PGliteLike {
  query(
    text: string,
    params?: unknown[],
    options?: { parsers?: Record<number, (value: string) => unknown> },
  ): Promise<{ rows: unknown[]; affectedRows?: number | undefined }>
  close(): Promise<void>
  readonly closed: boolean
}

/**
 * Where rows are kept:
 * - a `postgres://` URL, or options for `pg`: a pool of our own;
 * - a `pg.Pool`: the host's, which the host closes;
 * - a directory (`./data` or `file:…`): an embedded Postgres (PGlite) that keeps its files there;
 * - `memory:` or nothing: an embedded Postgres that is gone when closed;
 * - a PGlite instance: the host's;
 * - a MikroORM `EntityManager` on Postgres: our work joins the host's transactions.
 */
export type DatabaseSource = string | PoolConfig | Pool | PGliteLike | EntityManager | undefined

export type ResolvedSource =
  | { kind: "pool"; pool: Pool; owned: boolean }
  | { kind: "pglite"; pglite: PGliteLike; owned: boolean }
  | { kind: "host"; em: EntityManager }

/** The embedded database was asked for and its package is not installed. */
export class EmbeddedDatabaseMissing extends ModuleError {
  readonly code = "database.embedded_missing"
  readonly kind = "unavailable"
  constructor() {
    super("The embedded database needs the package @electric-sql/pglite: npm install @electric-sql/pglite")
  }
}

/** What was given as `database` is none of the things that it may be. */
export class DatabaseSourceInvalid extends ModuleError {
  readonly code = "database.source_invalid"
  readonly kind = "invalid"
  constructor() {
    super(
      "`database` is a postgres:// URL, a pg.Pool or its options, a directory or PGlite instance for an embedded database, or a MikroORM EntityManager",
    )
  }
}

const isUrl = (text: string) => /^postgres(ql)?:\/\//.test(text)
const has = <K extends string>(value: object, ...keys: K[]): value is Record<K, unknown> =>
  keys.every((key) => key in value)

/** @param prepared whether statements will be prepared, on a pool of ours. */
export async function resolveSource(source: DatabaseSource, prepared: boolean): Promise<ResolvedSource> {
  if (source === undefined) return embedded("memory://")
  if (typeof source === "string") {
    if (isUrl(source)) return ownPool({ connectionString: source }, prepared)
    if (source === "") throw new DatabaseSourceInvalid()
    return embedded(source.startsWith("memory:") ? "memory://" : source)
  }
  if (typeof source !== "object" || source === null) throw new DatabaseSourceInvalid()
  if (has(source, "getConnection", "fork")) return { kind: "host", em: source as unknown as EntityManager }
  if (has(source, "query", "waitReady"))
    return { kind: "pglite", pglite: source as unknown as PGliteLike, owned: false }
  if (has(source, "connect", "totalCount")) return { kind: "pool", pool: source as unknown as Pool, owned: false }
  if (has(source, "query") || has(source, "connect")) throw new DatabaseSourceInvalid()
  return ownPool(source as PoolConfig, prepared)
}

/**
 * A prepared statement is planned once, not at each call: the plan of a page of products takes longer than its run.
 * Left to itself, Postgres plans anew wherever it cannot guess how long a list of ids is.
 */
const PLAN_ONCE = "-c plan_cache_mode=force_generic_plan"

/** A page that is looked up costs hardly more than the next one: true of SSDs, and of what is in memory. */
const RANDOM_PAGES = "-c random_page_cost=1.1"

async function ownPool(config: PoolConfig, prepared: boolean): Promise<ResolvedSource> {
  const { default: pg } = await import("pg")
  const settings: PoolConfig = {
    max: 10,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // Statements of a transaction are sent while others are under way.
    pipeline: true,
    application_name: "marquetry",
    // Not through poolers that forbid prepared statements: they refuse options, too.
    ...(prepared && { options: `${PLAN_ONCE} ${RANDOM_PAGES}` }),
    ...config,
  }
  return { kind: "pool", pool: new pg.Pool(settings), owned: true }
}

async function embedded(directory: string): Promise<ResolvedSource> {
  const { PGlite } = await import("@electric-sql/pglite").catch(() => {
    throw new EmbeddedDatabaseMissing()
  })
  return { kind: "pglite", pglite: await PGlite.create(directory), owned: true }
}
