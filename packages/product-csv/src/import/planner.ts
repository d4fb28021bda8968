import type { Database } from "@marquetry/kernel"

/** Fewer new products than that change no plan worth having. */
const WORTH_COUNTING = 100

/**
 * Has Postgres plan the statements of the transaction under way for the tables as they are. A plan that was kept from
 * when they were small, and is still right for one product, would read them once for every product of a batch.
 */
export async function planAfresh(db: Database): Promise<void> {
  await db.run("set local plan_cache_mode = force_custom_plan")
}

/**
 * Has Postgres count tables that grow fast. It does so by itself once a minute, but the embedded one never does; until
 * then its plans are those for an empty shop.
 */
export class Statistics {
  readonly #db: Database
  #counted = 0

  constructor(db: Database) {
    this.#db = db
  }

  /** @param created products that this import has made so far. */
  async keepUp(created: number, last: boolean): Promise<void> {
    const grown = created - this.#counted
    if (grown < WORTH_COUNTING || (!last && grown < this.#counted)) return
    this.#counted = created
    const tables = await this.#db.sql<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('product', 'pricing', 'inventory', 'link') and tablename <> 'migrations' order by 1`,
    )
    await this.#db.run(`analyze ${tables.map(({ name }) => name).join(", ")}`)
  }
}
