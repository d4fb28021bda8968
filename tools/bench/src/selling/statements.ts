import pg from "pg"
import { header, row } from "./measure.ts"

/** What Postgres has done for one text of a statement. */
interface StatementCost {
  readonly text: string
  readonly calls: number
  readonly plans: number
  /** Milliseconds. */
  readonly planned: number
  readonly ran: number
  /** Pages that were looked at. */
  readonly buffers: number
}

/** The settings of a server that keeps account of its statements. */
export const accountingFlags = [
  "-c",
  "shared_preload_libraries=pg_stat_statements",
  "-c",
  "pg_stat_statements.track_planning=on",
]

/** Tells what takes the time of Postgres while `work` does so many operations: most of all first, per operation. */
export async function tellStatements(url: string, work: () => Promise<number>): Promise<void> {
  const { statements, operations } = await statementsSince(url, work)
  process.stdout.write(`\n${header(["calls", "planned", "plan ms", "run ms", "buffers", "statement"])}`)
  for (const { calls, plans, planned, ran, buffers, text } of statements) {
    const each = (value: number) => (value / operations).toFixed(2)
    const start = text.replace(/\s+/g, " ").replaceAll("|", "¦").slice(0, 110)
    process.stdout.write(row([each(calls), each(plans), each(planned), each(ran), (buffers / calls).toFixed(0), start]))
  }
}

async function statementsSince(
  url: string,
  work: () => Promise<number>,
): Promise<{ statements: StatementCost[]; operations: number }> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query("create extension if not exists pg_stat_statements")
    await client.query("select pg_stat_statements_reset()")
    const operations = await work()
    const { rows } = await client.query<StatementCost>(
      `select query as text, calls::float8, plans::float8, total_plan_time as planned, total_exec_time as ran,
         (shared_blks_hit + shared_blks_read)::float8 as buffers
       from pg_stat_statements s join pg_database d on d.oid = s.dbid
       where d.datname = current_database() and query not like '%pg_stat_statements%'
       order by total_plan_time + total_exec_time desc limit 60`,
    )
    return { statements: rows, operations }
  } finally {
    await client.end()
  }
}
