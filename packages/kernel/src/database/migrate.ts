import type { Migration } from "@mikro-orm/migrations"
import { ModuleError } from "../errors.ts"
import type { Database } from "./database.ts"

export type MigrationClass = new (...args: ConstructorParameters<typeof Migration>) => Migration

/** The migrations of one module, kept in its own schema and remembered in its own table. */
export interface MigrationSet {
  /** The Postgres schema, and so the module's name. */
  readonly name: string
  /** Oldest first. */
  readonly migrations: readonly MigrationClass[]
  /** Rows that come with the module (reference data). Runs after its migrations, each time; must be repeatable. */
  readonly seed?: ((db: Database) => Promise<void>) | undefined
}

/** The database was migrated by a newer release than the one that runs. */
export class DatabaseFromTheFuture extends ModuleError {
  readonly code = "database.from_the_future"
  readonly kind = "unavailable"
  override readonly details: { module: string; migrations: string[] }
  constructor(module: string, migrations: string[]) {
    super(
      `The database has migrations of module "${module}" that this release does not know: ${migrations.join(", ")}. ` +
        "Run the newer release, or restore a backup from before its migration.",
    )
    this.details = { module, migrations }
  }
}

/** The database lacks migrations of the release that runs. */
export class MigrationsPending extends ModuleError {
  readonly code = "database.migrations_pending"
  readonly kind = "unavailable"
  override readonly details: { pending: string[] }
  constructor(pending: string[]) {
    super(`The database needs ${pending.length} migrations, from ${pending[0]}: call migrate() first`)
    this.details = { pending }
  }
}

/** Any number of processes may migrate at once: one works, the others wait and find nothing to do. */
const ADVISORY_LOCK = 4_815_162_342

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`
const tableOf = (name: string) => `${quote(name)}."migrations"`

/**
 * Brings the schemas of all modules up to date, in one transaction: all of it happens or nothing.
 *
 * @returns the names of the migrations that ran, as `module/migration`.
 * @throws {DatabaseFromTheFuture} when a newer release has migrated this database.
 */
export async function migrate(db: Database, sets: readonly MigrationSet[]): Promise<string[]> {
  return db.transaction(async () => {
    await db.run("select pg_advisory_xact_lock($1::bigint)", [ADVISORY_LOCK])
    const ran: string[] = []
    for (const set of sets) {
      await ensureTable(db, set.name)
      for (const { name, migration } of await pendingOf(db, set)) {
        await apply(db, migration)
        await db.run(`insert into ${tableOf(set.name)} (name) values ($1)`, [name])
        ran.push(`${set.name}/${name}`)
      }
      await set.seed?.(db)
    }
    return ran
  })
}

/** Undoes the latest migration of one module. For development: a release only moves forward. */
export async function revert(db: Database, set: MigrationSet): Promise<string | undefined> {
  return db.transaction(async () => {
    const done = await executed(db, set.name)
    const last = done.at(-1)
    const migration = instances(db, set).find(({ name }) => name === last)
    if (last === undefined || migration === undefined) return undefined
    await migration.migration.down()
    for (const query of migration.migration.getQueries()) await db.run(String(query))
    await db.run(`delete from ${tableOf(set.name)} where name = $1`, [last])
    return last
  })
}

/**
 * Checks that the database is of this release, without changing it.
 *
 * @throws {MigrationsPending} {@link DatabaseFromTheFuture}
 */
export async function assertMigrated(db: Database, sets: readonly MigrationSet[]): Promise<void> {
  const pending: string[] = []
  for (const set of sets) {
    const found = await pendingOf(db, set)
    pending.push(...found.map(({ name }) => `${set.name}/${name}`))
  }
  if (pending.length > 0) throw new MigrationsPending(pending)
}

async function ensureTable(db: Database, schema: string): Promise<void> {
  if (await tableExists(db, schema)) return
  await db.run(`create schema if not exists ${quote(schema)}`)
  await db.run(
    `create table ${tableOf(schema)} (
      "name" text primary key,
      "executed_at" timestamptz not null default now()
    )`,
  )
}

async function tableExists(db: Database, schema: string): Promise<boolean> {
  const [row] = await db.sql<{ table: string | null }>("select to_regclass($1)::text as table", [tableOf(schema)])
  return row?.table != null
}

async function executed(db: Database, schema: string): Promise<string[]> {
  if (!(await tableExists(db, schema))) return []
  const rows = await db.sql<{ name: string }>(`select name from ${tableOf(schema)} order by name`)
  return rows.map(({ name }) => name)
}

function instances(db: Database, set: MigrationSet): { name: string; migration: Migration }[] {
  return set.migrations.map((type) => {
    const migration = new type(db.orm.em.getDriver() as never, db.orm.config as never)
    return { name: (migration as { name?: string }).name ?? type.name, migration }
  })
}

async function pendingOf(db: Database, set: MigrationSet): Promise<{ name: string; migration: Migration }[]> {
  const known = instances(db, set)
  const done = await executed(db, set.name)
  const names = new Set(known.map(({ name }) => name))
  const unknown = done.filter((name) => !names.has(name))
  if (unknown.length > 0) throw new DatabaseFromTheFuture(set.name, unknown)
  return known.filter(({ name }) => !done.includes(name))
}

async function apply(db: Database, migration: Migration): Promise<void> {
  await migration.up()
  for (const query of migration.getQueries()) await db.run(String(query))
}
