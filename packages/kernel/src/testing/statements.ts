import type { Database } from "../database/database.ts"

/** What `work` sent to the database: each statement but those that begin and end transactions. */
export async function statementsOf(database: Database, work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = []
  const stop = database.statements.subscribe((text) => sent.push(text))
  try {
    await work()
  } finally {
    stop()
  }
  return sent
}

/** What the entities have that the migrations did not make, as SQL; empty when they agree. */
export async function driftOf(database: Database): Promise<string> {
  const sql = await database.orm.schema.getUpdateSchemaSQL({ wrap: false })
  // The tables that remember migrations, and those of links, are nobody's entity.
  return sql
    .split("\n")
    .filter((line) => line.trim() !== "" && !/drop table if exists "[^"]+"\."migrations"|"link"/.test(line))
    .join("\n")
}
