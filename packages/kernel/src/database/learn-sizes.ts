import { quote } from "../query/resource.ts"
import type { Database } from "./database.ts"

/** Tables that have at least doubled since Postgres looked at them, or that it never looked at. */
const GROWN = `select n.nspname as schema, c.relname as name
   from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = any($1::text[]) and c.relkind = 'r'
     and pg_relation_size(c.oid) >= current_setting('block_size')::int * 2 * greatest(c.relpages, 1)`

/** See `Database.learnSizes`. */
export async function learnSizes(db: Database, schemas: readonly string[]): Promise<void> {
  const grown = await db.sql<{ schema: string; name: string }>(GROWN, [schemas])
  if (grown.length === 0) return
  const tables = grown.map(({ schema, name }) => `${quote(schema)}.${quote(name)}`)
  await db.run(`analyze (skip_locked) ${tables.toSorted().join(", ")}`)
}
