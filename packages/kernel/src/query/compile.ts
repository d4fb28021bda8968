import type { Condition } from "./filter.ts"
import {
  quote,
  searchExpression,
  type FieldInfo,
  type FieldType,
  type Join,
  type RelationInfo,
  type ResourceInfo,
} from "./resource.ts"
import type { ComputedField } from "./computed.ts"
import type { Level, Path } from "./selection.ts"
import { markerOf } from "./splice.ts"

export interface OrderTerm extends Path {
  readonly descending: boolean
}

export interface Shape {
  readonly level: Level
  readonly where: Condition | undefined
  /** Conditions on every row of a resource, wherever in the answer it occurs. */
  readonly scopes: ReadonlyMap<string, Condition>
  readonly order: readonly OrderTerm[]
  readonly names: "property" | "wire"
  readonly withDeleted: boolean
  readonly count: boolean
  /** Part of the text: Postgres cannot guess how many rows a parameter means, and would plan anew at each call. */
  readonly limit: number
  /** Index of its value; none for the first page. */
  readonly offset: number | undefined
  /** Values of the last row seen, by order term; `null` where the value is null. */
  readonly after: readonly (number | null)[] | undefined
  readonly wantsCursor: boolean
}

export interface Compiled {
  readonly text: string
  /** Which value of the read each `$n` stands for. */
  readonly binding: readonly number[]
}

const casts: Record<FieldType, string> = {
  text: "text",
  number: "numeric",
  decimal: "numeric",
  boolean: "boolean",
  instant: "timestamptz",
  json: "jsonb",
  array: "text[]",
}

const comparisons: Record<string, string> = {
  $eq: "=",
  $gt: ">",
  $gte: ">=",
  $lt: "<",
  $lte: "<=",
  $like: "like",
  $ilike: "ilike",
  $re: "~",
  $contains: "@>",
}

/** Writes the one statement that answers a read: first the ids of the page, then the rows, as JSON. */
export class Compiler {
  readonly #shape: Shape
  readonly #resource: (name: string) => ResourceInfo
  readonly #binding: number[] = []
  /** Resources whose scope is being written: it does not hold inside itself. */
  readonly #scoping = new Set<string>()
  #names: Shape["names"]
  #aliases = 0

  constructor(shape: Shape, resource: (name: string) => ResourceInfo) {
    this.#shape = shape
    this.#resource = resource
    this.#names = shape.names
  }

  compile(): Compiled {
    const { level, order, count, wantsCursor } = this.#shape
    const { resource } = level
    const root = this.#alias()
    const key = `${root}.${quote(resource.key)}`
    const terms = order.map((term, index) => ({ ...term, name: `k${index}`, sql: this.#pathValue(term, root) }))
    const keys = terms.map(({ sql, name }) => `, ${sql} as ${name}`).join("")
    const direction = (term: { descending: boolean }) => (term.descending ? " desc" : "")
    const pageOrder = [...terms.map((term) => `${term.sql}${direction(term)}`), key].join(", ")
    const outerOrder = [...terms.map((term) => `page.${term.name}${direction(term)}`), "page.id"].join(", ")
    const where = this.#rootWhere(root)
    const page =
      `with page as materialized (select ${key} as id${keys} from ${resource.table} ${root}` +
      `${andWhere([where, this.#afterCursor(terms, root)])} order by ${pageOrder}` +
      ` limit ${this.#shape.limit}${this.#shape.offset === undefined ? "" : ` offset ${this.#value(this.#shape.offset)}::bigint`})`
    const rows =
      `(select coalesce(json_agg(row), '[]'::json)::text from (select ${this.#columns(level, root)} from page` +
      ` join ${resource.table} ${root} on ${key} = page.id order by ${outerOrder}) row) as rows`
    const total = count
      ? `, (select count(*)::int from ${resource.table} ${root}${andWhere([this.#rootWhere(root)])}) as count`
      : ""
    const last = wantsCursor ? `, ${this.#lastKeys(terms)} as last` : ""
    return { text: `${page} select ${rows}${total}${last}`, binding: this.#binding }
  }

  #alias(): string {
    return `t${this.#aliases++}`
  }

  #value(index: number): string {
    let position = this.#binding.indexOf(index)
    if (position === -1) position = this.#binding.push(index) - 1
    return `$${position + 1}`
  }

  #rootWhere(root: string): string {
    const { level, where, withDeleted } = this.#shape
    const conditions = [this.#visible(level.resource, root, withDeleted)]
    if (where !== undefined) conditions.push(this.#condition(where, level.resource, root))
    return conditions.filter(Boolean).join(" and ")
  }

  /** What every occurrence of a resource must meet: it is not deleted, and inside the scope of the read. */
  #visible(resource: ResourceInfo, alias: string, withDeleted = false): string {
    return [resource.softDelete && !withDeleted ? `${alias}."deleted_at" is null` : "", this.#scopeOf(resource, alias)]
      .filter(Boolean)
      .join(" and ")
  }

  #scopeOf(resource: ResourceInfo, alias: string): string {
    const scope = this.#shape.scopes.get(resource.name)
    if (scope === undefined || this.#scoping.has(resource.name)) return ""
    this.#scoping.add(resource.name)
    const condition = this.#condition(scope, resource, alias)
    this.#scoping.delete(resource.name)
    return condition
  }

  #columns(level: Level, alias: string): string {
    const names = this.#names
    const fields = level.fields.map(
      (field) => `${this.#fieldValue(field, alias)} as ${quote(names === "wire" ? field.column : field.property)}`,
    )
    const relations = level.relations.map(({ info, level: inner, remote }) => {
      const value = remote ? this.#remoteTies(info, alias) : this.#relation(info, inner, alias)
      return `${value} as ${quote(names === "wire" ? info.wire : info.property)}`
    })
    const computed = level.computed.map(({ field, needs, key }) => {
      const place = key === undefined ? this.#needs(needs, alias) : this.#marked(field, key, alias)
      return `${place} as ${quote(field.name)}`
    })
    const all = [...fields, ...relations, ...computed]
    // A computed field is never the first: taking it out of the JSON again takes out the comma before it.
    if (fields.length + relations.length === 0) all.unshift(`${alias}.${quote(level.resource.key)}`)
    return all.join(", ")
  }

  #marked(field: ComputedField, key: Path, alias: string): string {
    return `'${markerOf(field)}' || ${this.#pathValue(key, alias)}`
  }

  #fieldValue(field: FieldInfo, alias: string): string {
    const column = `${alias}.${quote(field.column)}`
    if (field.type === "instant") return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
    if (field.type === "decimal" && this.#names === "property") return `trim_scale(${column})::text`
    return column
  }

  #relation(info: Level["relations"][number]["info"], level: Level, alias: string): string {
    const inner = this.#alias()
    const { source, condition } = this.#join(info.join, level.resource, alias, inner)
    const where = andWhere([condition, this.#visible(level.resource, inner)])
    const columns = this.#columns(level, inner)
    if (!info.many) return `(select row_to_json(row) from (select ${columns} from ${source}${where} limit 1) row)`
    const order = info.orderBy.map(({ column, descending }) => `${inner}.${quote(column)}${descending ? " desc" : ""}`)
    return (
      `(select coalesce(json_agg(row), '[]'::json) from` +
      ` (select ${columns} from ${source}${where} order by ${order.join(", ")}) row)`
    )
  }

  #join(join: Join, resource: ResourceInfo, alias: string, inner: string): { source: string; condition: string } {
    if (join.kind === "columns") {
      return {
        source: `${resource.table} ${inner}`,
        condition: `${inner}.${quote(join.other)} = ${alias}.${quote(join.own)}`,
      }
    }
    const pivot = this.#alias()
    return {
      source: `${join.table} ${pivot} join ${resource.table} ${inner} on ${inner}.${quote(join.key)} = ${pivot}.${quote(join.other)}`,
      condition: `${pivot}.${quote(join.own)} = ${alias}.${quote(join.ownKey)}`,
    }
  }

  /** What ties a row to rows of another database, for the statement that reads them there. */
  #remoteTies({ join, place }: RelationInfo, alias: string): string {
    if (join.kind === "columns") return `json_build_array(${alias}.${quote(join.own)})`
    if (place === "target") return `json_build_array(${alias}.${quote(join.ownKey)})`
    const pivot = this.#alias()
    return (
      `(select coalesce(json_agg(${pivot}.${quote(join.other)}), '[]'::json) from ${join.table} ${pivot}` +
      ` where ${pivot}.${quote(join.own)} = ${alias}.${quote(join.ownKey)})`
    )
  }

  /** What a computed field is made from stands in its place until it is. Always in property names. */
  #needs(level: Level, alias: string): string {
    const names = this.#names
    this.#names = "property"
    const columns = this.#columns(level, alias)
    this.#names = names
    return `(select row_to_json(row) from (select ${columns}) row)`
  }

  #pathValue(path: Path, root: string): string {
    const [first, ...rest] = path.through
    if (first === undefined) return `${root}.${quote(path.field.column)}`
    let alias = this.#alias()
    const { source, condition } = this.#join(first.join, first.resource, root, alias)
    let from = source
    for (const { join, resource } of rest) {
      const inner = this.#alias()
      const step = this.#join(join, resource, alias, inner)
      from += ` join ${step.source} on ${step.condition}`
      alias = inner
    }
    return `(select ${alias}.${quote(path.field.column)} from ${from} where ${condition} limit 1)`
  }

  /** Rows behind the last one seen, in an order where nulls are greatest, as Postgres has them. */
  #afterCursor(terms: readonly { sql: string; descending: boolean; field: FieldInfo }[], root: string): string {
    const { after, level } = this.#shape
    if (after === undefined) return ""
    const last = after.length - 1
    let condition = `${root}.${quote(level.resource.key)} > ${this.#value(after[last] as number)}::text`
    for (let index = terms.length - 1; index >= 0; index--) {
      const { sql, descending, field } = terms[index] as (typeof terms)[number]
      const seen = after[index] as number | null
      const value = seen === null ? "null" : `${this.#value(seen)}::${casts[field.type]}`
      const equal = seen === null ? `${sql} is null` : `${sql} = ${value}`
      const beyond = behind(sql, value, seen === null, descending)
      condition = `(${beyond} or (${equal} and ${condition}))`
    }
    return condition
  }

  #lastKeys(terms: readonly { name: string; descending: boolean }[]): string {
    const keys = [...terms.map(({ name }) => `page.${name}::text`), "page.id"].join(", ")
    const backwards = [
      ...terms.map(({ name, descending }) => `page.${name}${descending ? "" : " desc"}`),
      "page.id desc",
    ]
    return `(select json_build_array(${keys}) from page order by ${backwards.join(", ")} limit 1)`
  }

  #condition(condition: Condition, resource: ResourceInfo, alias: string): string {
    switch (condition.kind) {
      case "all":
      case "any": {
        if (condition.items.length === 0) return condition.kind === "all" ? "true" : "false"
        const items = condition.items.map((item) => this.#condition(item, resource, alias))
        return `(${items.join(condition.kind === "all" ? " and " : " or ")})`
      }
      case "not":
        return `not coalesce(${this.#condition(condition.item, resource, alias)}, false)`
      case "null":
        return `${alias}.${quote(condition.field.column)} is ${condition.negated ? "not " : ""}null`
      case "compare":
        return this.#compare(condition, alias)
      case "related":
        return this.#related(condition, alias)
      case "linked":
        return this.#linked(condition, alias)
      case "search":
        return this.#search(condition, resource, alias)
    }
  }

  #compare({ field, operator, value }: Extract<Condition, { kind: "compare" }>, alias: string): string {
    const column = `${alias}.${quote(field.column)}`
    const cast = casts[field.type]
    const parameter = this.#value(value)
    if (operator === "$in") return `${column} = any(${parameter}::${cast}[])`
    if (operator === "$nin") return `coalesce(${column} <> all(${parameter}::${cast}[]), true)`
    if (operator === "$ne") return `${column} is distinct from ${parameter}::${cast}`
    return `${column} ${comparisons[operator]} ${parameter}::${cast}`
  }

  #related({ relation, item }: Extract<Condition, { kind: "related" }>, alias: string): string {
    const inner = this.#alias()
    const target = this.#resource(relation.target)
    const { source, condition } = this.#join(relation.join, target, alias, inner)
    const where = andWhere([condition, this.#visible(target, inner), this.#condition(item, target, inner)])
    return `exists (select 1 from ${source}${where})`
  }

  #linked({ relation, value }: Extract<Condition, { kind: "linked" }>, alias: string): string {
    const { join, place } = relation
    const ids = `any(${this.#value(value)}::text[])`
    if (join.kind === "columns") return `${alias}.${quote(join.own)} = ${ids}`
    if (place === "target") return `${alias}.${quote(join.ownKey)} = ${ids}`
    const pivot = this.#alias()
    const own = `${pivot}.${quote(join.own)} = ${alias}.${quote(join.ownKey)}`
    return `exists (select 1 from ${join.table} ${pivot} where ${own} and ${pivot}.${quote(join.other)} = ${ids})`
  }

  /**
   * Rows where each word is found, be it in different tables. Every table is searched by its index and the keys are
   * joined: an `or` over several tables would read them whole.
   */
  #search({ words, isPlain }: Extract<Condition, { kind: "search" }>, resource: ResourceInfo, alias: string): string {
    if (resource.search.length === 0) return "false"
    const key = `${alias}.${quote(resource.key)}`
    const queries = words.map((word) => this.#word(word, isPlain))
    const [only] = resource.search
    // In one row of one table the index itself looks for all words at once.
    const together = resource.search.length === 1 && only?.relation === undefined
    const wanted = together ? [queries.join(" && ")] : queries
    const found = wanted.map((query) => {
      const matches = resource.search.map((searched) => this.#matches(searched, query, resource))
      return `${key} in (${matches.join(" union ")})`
    })
    return `(${found.join(" and ")})`
  }

  /**
   * Signs part words, but for those in what is one to Postgres: an e-mail address. Half of one that is being typed is found
   * as the beginning of the whole.
   */
  #word(word: number, isPlain: boolean): string {
    const text = `${this.#value(word)}::text`
    return isPlain ? `to_tsquery('simple', ${text})` : `(to_tsquery('simple', ${text}) || ${text}::tsquery)`
  }

  /** Keys of rows that have what is searched for in one table, their own or a related one. */
  #matches({ relation, columns }: ResourceInfo["search"][number], query: string, resource: ResourceInfo): string {
    const found = this.#alias()
    const matching = `${searchExpression(columns, found)} @@ (${query})`
    const key = quote(resource.key)
    if (relation === undefined) return `select ${found}.${key} from ${resource.table} ${found} where ${matching}`
    const { target, join } = resource.relations.get(relation) as RelationInfo
    const other = this.#resource(target)
    const where = andWhere([matching, this.#visible(other, found)])
    if (join.kind === "columns" && join.own === resource.key) {
      return `select ${found}.${quote(join.other)} from ${other.table} ${found}${where}`
    }
    // From what matches to what it belongs to: the join, seen from its other end.
    const own = this.#alias()
    if (join.kind === "columns") {
      const on = `${own}.${quote(join.own)} = ${found}.${quote(join.other)}`
      return `select ${own}.${key} from ${other.table} ${found} join ${resource.table} ${own} on ${on}${where}`
    }
    const on = `${own}.${quote(join.other)} = ${found}.${quote(join.key)}`
    return `select ${own}.${quote(join.own)} from ${other.table} ${found} join ${join.table} ${own} on ${on}${where}`
  }
}

function andWhere(conditions: readonly string[]): string {
  const present = conditions.filter(Boolean)
  return present.length > 0 ? ` where ${present.join(" and ")}` : ""
}

function behind(sql: string, value: string, seenNull: boolean, descending: boolean): string {
  if (descending) return seenNull ? `${sql} is not null` : `${sql} < ${value}`
  return seenNull ? "false" : `(${sql} > ${value} or ${sql} is null)`
}
