import { QueryInvalid } from "./errors.ts"
import { MAX_VALUES } from "./filter.ts"
import { MAX_LIMIT, type AnyRead, type Page } from "./read.ts"
import type { ResourceRegistry } from "./registry.ts"
import { quote, type RelationInfo } from "./resource.ts"
import type { AnyFilter, AnySelection } from "./types.ts"

type Row = Record<string, unknown>
type Names = NonNullable<AnyRead["names"]>

/**
 * Reads rows of other databases that relations lead to. What ties them to ours is a column of theirs: their key, or the
 * one that a link goes by.
 */
export class Remote {
  readonly #registry: ResourceRegistry
  readonly #list: (resource: string, read: AnyRead) => Promise<Page<Row>>

  constructor(registry: ResourceRegistry, list: (resource: string, read: AnyRead) => Promise<Page<Row>>) {
    this.#registry = registry
    this.#list = list
  }

  /** The name of the tie in rows that were read. */
  tieOf({ target, join }: RelationInfo, names: Names): string {
    const { key, fields } = this.#registry.resource(target)
    const field = fields.get(join.kind === "columns" ? join.other : key)
    if (field === undefined) throw new TypeError(`What ties other databases to "${target}" is private`)
    return names === "wire" ? field.column : field.property
  }

  /** What stands here for rows there that meet a filter. @throws {QueryInvalid} when there are too many. */
  async tiesOf(
    relation: RelationInfo,
    filter: AnyFilter,
    { scope, hidden }: Pick<AnyRead, "scope" | "hidden">,
  ): Promise<string[]> {
    const { target } = relation
    const tie = this.tieOf(relation, "property")
    const seen = { ...(scope && { scope }), ...(hidden && { hidden }) }
    const { rows } = await this.#list(target, {
      ...seen,
      fields: { [tie]: true },
      filter,
      limit: MAX_LIMIT,
      count: false,
    })
    if (rows.length === MAX_LIMIT) {
      throw new QueryInvalid(`A filter on ${target}, which is in another database, matches too many rows`, target)
    }
    const ties = [...new Set(rows.map((row) => row[tie] as string | null))].filter((value) => value !== null)
    if (relation.place !== "target") return ties
    const pairs = await this.#pairs(relation, "other", ties)
    return [...new Set(pairs.map(({ own }) => own))]
  }

  /** For keys of ours, the keys of rows there that a link joins them with. */
  async joined(relation: RelationInfo, keys: readonly string[]): Promise<Map<string, string[]>> {
    const joined = new Map<string, string[]>()
    for (const { own, other } of await this.#pairs(relation, "own", keys)) {
      const others = joined.get(own)
      if (others === undefined) joined.set(own, [other])
      else others.push(other)
    }
    return joined
  }

  /** Rows there by what ties them, in order of their keys. */
  async fetch(
    relation: RelationInfo,
    ties: readonly string[],
    fields: AnySelection,
    { context, scope, unknown, replica, names = "property" }: AnyRead,
  ): Promise<Row[]> {
    const tie = this.tieOf(relation, names)
    const found: Row[] = []
    for (let from = 0; from < ties.length; from += MAX_VALUES) {
      const filter = { [tie]: ties.slice(from, from + MAX_VALUES) }
      for (let offset = 0, full = true; full; offset += MAX_LIMIT) {
        const { rows } = await this.#list(relation.target, {
          ...(context && { context }),
          ...(scope && { scope }),
          ...(unknown && { unknown }),
          ...(replica && { replica }),
          names,
          fields: { ...fields, [tie]: true },
          filter,
          limit: MAX_LIMIT,
          offset,
          count: false,
        })
        found.push(...rows)
        full = rows.length === MAX_LIMIT
      }
    }
    return found
  }

  async #pairs(
    { target, join }: RelationInfo,
    by: "own" | "other",
    keys: readonly string[],
  ): Promise<{ own: string; other: string }[]> {
    if (join.kind !== "pivot" || keys.length === 0) return []
    const columns = { own: quote(join.own), other: quote(join.other) }
    return this.#registry
      .databaseOf(target)
      .read(
        `select ${columns.own} as own, ${columns.other} as other from ${join.table} where ${columns[by]} = any($1::text[])`,
        [keys],
      )
  }
}
