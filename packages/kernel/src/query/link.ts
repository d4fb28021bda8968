import type { Database } from "../database/database.ts"
import { quote, type AnyResource } from "./resource.ts"

export interface LinkOptions {
  /** The name of the relation on the left resource, as on the wire: `sales_channels`. */
  readonly as: string
  /** The name of the relation on the right resource: `products`. Left out, the link is read from the left only. */
  readonly inverse?: string
  /** `one`: a row of the left is linked to one of the right at most. */
  readonly left?: "one" | "many"
  /** `one`: a row of the right is linked to one of the left at most. */
  readonly right?: "one" | "many"
}

/** Joins resources of two modules by a table of its own; neither module knows of it. */
export interface TableLink {
  readonly kind: "table"
  readonly left: AnyResource
  readonly right: AnyResource
  readonly options: LinkOptions
  readonly name: string
  readonly table: string
  readonly leftColumn: string
  readonly rightColumn: string
}

export interface ColumnLinkOptions {
  /** The property of the left resource that holds keys of the right one: `currencyCode`. */
  readonly column: string
  /** The name of the relation on the left resource, as on the wire: `currency`. */
  readonly as: string
  /** The name of the relation on the right resource: `store_currencies`. Left out, the link is read from the left only. */
  readonly inverse?: string
  /** `one`: the column is unique, so that a row of the right is named by one of the left at most. */
  readonly right?: "one" | "many"
}

/** Joins resources of two modules by a column that one of them has anyway; neither module knows of it. */
export interface ColumnLink {
  readonly kind: "column"
  readonly left: AnyResource
  readonly right: AnyResource
  readonly options: ColumnLinkOptions
}

export type Link = TableLink | ColumnLink

/**
 * Declares that rows of two modules belong together. Declared by an app or a plugin, never by the modules.
 *
 * The table is made by `migrate()` in schema `link`. Both directions are indexed and can be selected and filtered.
 */
export function link(left: AnyResource, right: AnyResource, options: LinkOptions): TableLink {
  const name = `${left.name}_${right.name}`
  return Object.freeze({
    kind: "table",
    left,
    right,
    options,
    name,
    table: `"link".${quote(name)}`,
    leftColumn: `${left.name}_id`,
    rightColumn: `${right.name}_id`,
  })
}

/**
 * Declares that a column of one module's rows names rows of another module: by their key, without a foreign key. Choose
 * {@link link} where neither side has such a column. A key that names no row reads as `null`.
 *
 * ```ts
 * linkByColumn(storeCurrencyResource, currencyResource, { column: "currencyCode", as: "currency" })
 * ```
 *
 * Both directions can be selected and filtered. The module that has the column indexes it where the inverse is read.
 */
export function linkByColumn(left: AnyResource, right: AnyResource, options: ColumnLinkOptions): ColumnLink {
  return Object.freeze({ kind: "column", left, right, options })
}

/**
 * Makes the tables of links that are not there yet. Runs inside the transaction of `migrate()`.
 *
 * What is there is not touched: `create index if not exists` locks the table whether it makes one or not, and a process
 * that starts would hold up, or deadlock with, those that sell.
 */
export async function createLinkTables(db: Database, links: readonly TableLink[]): Promise<void> {
  if (links.length === 0) return
  const rows = await db.sql<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'link'`,
  )
  const there = new Set(rows.map(({ name }) => name))
  if (there.size === 0) await db.run('create schema if not exists "link"')
  for (const link of links) await createLinkTable(db, link, there)
}

async function createLinkTable(
  db: Database,
  { table, name, leftColumn, rightColumn, options }: TableLink,
  there: ReadonlySet<string>,
): Promise<void> {
  const [left, right] = [quote(leftColumn), quote(rightColumn)]
  const make = async (relation: string, statement: string) => {
    if (!there.has(relation)) await db.run(statement)
  }
  await make(
    name,
    `create table ${table} (${left} text not null, ${right} text not null, primary key (${left}, ${right}))`,
  )
  const inverse = options.right === "one" ? ["unique index", right] : ["index", `${right}, ${left}`]
  await make(`${name}_inverse`, `create ${inverse[0]} ${quote(`${name}_inverse`)} on ${table} (${inverse[1]})`)
  if (options.left !== "one") return
  await make(`${name}_single`, `create unique index ${quote(`${name}_single`)} on ${table} (${left})`)
}

/** Writes links. A flow that makes two rows calls it in the same transaction. */
export class Links {
  readonly #databaseOf: (resource: string) => Database

  /** @param databaseOf where a resource is: the table of a link is with its left one. */
  constructor(databaseOf: (resource: string) => Database) {
    this.#databaseOf = databaseOf
  }

  /** Joins each pair of ids; pairs that are joined already stay as they are. One statement. */
  async add(link: TableLink, pairs: readonly (readonly [left: string, right: string])[]): Promise<void> {
    if (pairs.length === 0) return
    await this.#databaseOf(link.left.name).run(
      `insert into ${link.table} (${quote(link.leftColumn)}, ${quote(link.rightColumn)})
       select * from unnest($1::text[], $2::text[]) on conflict (${quote(link.leftColumn)}, ${quote(link.rightColumn)}) do nothing`,
      [pairs.map(([left]) => left), pairs.map(([, right]) => right)],
    )
  }

  /** Parts each pair. One statement. */
  async remove(link: TableLink, pairs: readonly (readonly [left: string, right: string])[]): Promise<void> {
    if (pairs.length === 0) return
    await this.#databaseOf(link.left.name).run(
      `delete from ${link.table} using unnest($1::text[], $2::text[]) as pair (l, r)
       where ${quote(link.leftColumn)} = pair.l and ${quote(link.rightColumn)} = pair.r`,
      [pairs.map(([left]) => left), pairs.map(([, right]) => right)],
    )
  }

  /** Parts rows of the left from everything: when they are gone for good. One statement. */
  async removeAllOf(link: TableLink, leftIds: readonly string[]): Promise<void> {
    await this.#removeAll(link, link.leftColumn, leftIds)
  }

  /** Like {@link removeAllOf}, for rows of the right. */
  async removeAllOfRight(link: TableLink, rightIds: readonly string[]): Promise<void> {
    await this.#removeAll(link, link.rightColumn, rightIds)
  }

  /** The pairs of the given rows of the left, ordered. One statement. */
  async of(link: TableLink, leftIds: readonly string[]): Promise<[left: string, right: string][]> {
    const rows = await this.#databaseOf(link.left.name).sql<{ l: string; r: string }>(
      `select ${quote(link.leftColumn)} as l, ${quote(link.rightColumn)} as r from ${link.table}
       where ${quote(link.leftColumn)} = any($1::text[]) order by 1, 2`,
      [[...leftIds]],
    )
    return rows.map(({ l, r }) => [l, r])
  }

  async #removeAll({ left, table }: TableLink, column: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    await this.#databaseOf(left.name).run(`delete from ${table} where ${quote(column)} = any($1::text[])`, [[...ids]])
  }
}
