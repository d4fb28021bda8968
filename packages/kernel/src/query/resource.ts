import type { Collection, EntityMetadata, EntityProperty } from "@mikro-orm/core"
import type { EntityClass } from "../database/orm.ts"

type Class<Entity> = abstract new (...args: never[]) => Entity

/** Relations that are read from the side that does not own them, by name. */
type Inverse = Readonly<Record<string, readonly [entity: Class<object>, property: string]>>

export interface ResourceOptions<Private extends string = string, Inverses extends Inverse = Inverse> {
  /**
   * Properties that reads may neither show nor filter by. Types of selections and filters lack them in reads of this
   * resource; where it is reached through a relation of another one, they are refused when the read runs.
   */
  readonly private?: readonly Private[]
  /**
   * Text columns that `q` searches, by word and by beginning of a word; `relation.column` searches the rows of a
   * relation. The columns of one table share one index, whose expression is made by {@link searchExpression}.
   */
  readonly search?: readonly string[]
  /**
   * Relations that another entity of the module owns, read from this side: `{ products: [Product, "categories"] }`.
   * For entities that would otherwise import each other.
   */
  readonly inverse?: Inverses
}

/** What reads know of an entity: all but what is private, and the relations that others own. */
export type Readable<Entity, Private extends string, Inverses extends Inverse> = ([Private] extends [never]
  ? Entity
  : Omit<Entity, Private>) &
  (Inverse extends Inverses
    ? unknown
    : { [Name in keyof Inverses]: Collection<InstanceType<Inverses[Name][0]> & object> })

/** What may be read of an entity; the entity itself stays inside its module. */
export interface Resource<Entity, Name extends string = string> extends Omit<AnyResource, "name" | "entity"> {
  /** As on the wire, singular: `product_variant`. Unique among all modules of a composition. */
  readonly name: Name
  readonly entity: Class<Entity>
}

// A resource of any entity: `never` on the parameter side lets every resource be one.
export type AnyResource = {
  readonly name: string
  readonly entity: Class<object>
  readonly private?: readonly string[]
  readonly search?: readonly string[]
  readonly inverse?: Inverse
}

/** Publishes an entity for reading. Its columns and relations are taken from the ORM's metadata. */
export function defineResource<
  Entity extends object,
  const Name extends string,
  const Private extends keyof Entity & string = never,
  const Inverses extends Inverse = Inverse,
>(
  name: Name,
  entity: Class<Entity>,
  options: ResourceOptions<Private, Inverses> = {},
): Resource<Readable<Entity, Private, Inverses>, Name> {
  return Object.freeze({ name, entity: entity as Class<Readable<Entity, Private, Inverses>>, ...options })
}

export type FieldType = "text" | "number" | "decimal" | "boolean" | "instant" | "json" | "array"

export interface FieldInfo {
  readonly property: string
  /** The name of the column, and on the wire. */
  readonly column: string
  readonly type: FieldType
  readonly nullable: boolean
  /** The values that there are, where they are few and known. */
  readonly values: readonly string[] | undefined
}

export interface RelationInfo {
  readonly property: string
  readonly wire: string
  readonly many: boolean
  /** Name of the resource that is reached. */
  readonly target: string
  /** `target`: the table of a link is in the database of the target, where that is another one. */
  readonly place?: "target"
  readonly join: Join
  readonly orderBy: readonly { column: string; descending: boolean }[]
}

/** How rows of a relation are found. Tables are quoted and qualified. */
export type Join =
  | { readonly kind: "columns"; readonly own: string; readonly other: string }
  | {
      readonly kind: "pivot"
      readonly table: string
      readonly own: string
      readonly other: string
      /** Key columns of the two tables that the pivot joins. */
      readonly ownKey: string
      readonly key: string
    }

/** A resource as the engine sees it. */
export interface ResourceInfo {
  readonly name: string
  readonly table: string
  readonly key: string
  readonly softDelete: boolean
  readonly fields: ReadonlyMap<string, FieldInfo>
  readonly relations: Map<string, RelationInfo>
  readonly search: readonly { relation: string | undefined; columns: readonly string[] }[]
}

/** What TypeScript callers call the key. Reads across databases select it, so it cannot be private. */
export function keyPropertyOf({ name, key, fields }: ResourceInfo): string {
  const field = fields.get(key)
  if (field === undefined) throw new TypeError(`The key of "${name}" is private`)
  return field.property
}

const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const tableOf = (meta: EntityMetadata): string => `${quote(meta.schema ?? "public")}.${quote(meta.tableName)}`

/**
 * The expression that `q` searches and that its index must have, word for word but for the alias.
 *
 * `simple`: shops sell in any language, and part numbers have none.
 */
export function searchExpression(columns: readonly string[], alias?: string): string {
  const prefix = alias === undefined ? "" : `${alias}.`
  const text = columns.map((column) => `coalesce(${prefix}"${column}", '')`).join(" || ' ' || ")
  return `to_tsvector('simple'::regconfig, ${text})`
}

/** For `indexes` of an entity: the index that makes `q` fast. The migration that makes it has the same expression. */
export function searchIndex(
  schema: string,
  table: string,
  columns: readonly string[],
): { name: string; expression: string } {
  const name = `${table}_search_index`
  return {
    name,
    expression: `create index "${name}" on "${schema}"."${table}" using gin (${searchExpression(columns)})`,
  }
}

/** Reads a resource's columns and relations out of the ORM's metadata. */
export function describeResource(
  resource: AnyResource,
  meta: EntityMetadata,
  metaOf: (entity: EntityClass) => EntityMetadata,
  nameOf: (className: string) => string | undefined,
): ResourceInfo {
  const hidden = new Set(resource.private)
  const key = keyColumnOf(meta)
  const fields = new Map<string, FieldInfo>()
  const relations = new Map<string, RelationInfo>()
  for (const property of meta.props as EntityProperty[]) {
    if (hidden.has(property.name) || property.persist === false) continue
    if (property.kind === "scalar") addField(fields, property.name, property)
    else addRelation(relations, fields, property, key, metaOf, nameOf)
  }
  for (const [name, [owner, property]] of Object.entries(resource.inverse ?? {})) {
    addInverse(relations, name, key, metaOf(owner as EntityClass), property, nameOf)
  }
  return {
    name: resource.name,
    table: tableOf(meta),
    key,
    softDelete: "deletedAt" in meta.properties,
    fields,
    relations,
    search: searchOf(resource.search ?? [], meta, metaOf),
  }
}

function keyColumnOf(meta: EntityMetadata): string {
  return (meta.properties[meta.primaryKeys[0] as never] as EntityProperty).fieldNames[0] as string
}

function addField(fields: Map<string, FieldInfo>, property: string, from: EntityProperty): void {
  const column = from.fieldNames[0] as string
  const info: FieldInfo = {
    property,
    column,
    type: typeOf(from.columnTypes[0] as string),
    nullable: from.nullable === true,
    values: from.enum === true ? (from.items as string[]) : undefined,
  }
  fields.set(property, info)
  fields.set(column, info)
}

function typeOf(columnType: string): FieldType {
  if (columnType.endsWith("[]")) return "array"
  if (/^(text|varchar|char|uuid|citext|enum)/.test(columnType)) return "text"
  if (/^(numeric|decimal)/.test(columnType)) return "decimal"
  if (/^(int|smallint|bigint|serial|bigserial|real|double|float)/.test(columnType)) return "number"
  if (/^bool/.test(columnType)) return "boolean"
  if (/^timestamp/.test(columnType)) return "instant"
  if (/^json/.test(columnType)) return "json"
  return "text"
}

function addRelation(
  relations: Map<string, RelationInfo>,
  fields: Map<string, FieldInfo>,
  property: EntityProperty,
  ownKey: string,
  metaOf: (entity: EntityClass) => EntityMetadata,
  nameOf: (className: string) => string | undefined,
): void {
  const target = property.targetMeta ?? metaOf(property.entity() as EntityClass)
  const ownsColumn = property.kind === "m:1" || (property.kind === "1:1" && property.owner === true)
  if (ownsColumn) addField(fields, `${property.name}Id`, property)
  const name = nameOf(target.className)
  if (name === undefined) return
  const info: RelationInfo = {
    property: property.name,
    wire: snake(property.name),
    many: property.kind === "1:m" || property.kind === "m:n",
    target: name,
    join: joinOf(property, target, ownsColumn, ownKey),
    orderBy: orderOf(property, target),
  }
  relations.set(info.property, info)
  relations.set(info.wire, info)
}

function addInverse(
  relations: Map<string, RelationInfo>,
  name: string,
  ownKey: string,
  owner: EntityMetadata,
  propertyName: string,
  nameOf: (className: string) => string | undefined,
): void {
  const property = owner.properties[propertyName as never] as EntityProperty | undefined
  const target = nameOf(owner.className)
  if (property === undefined || target === undefined)
    throw new TypeError(`${owner.className}.${propertyName} is not published`)
  const info: RelationInfo = {
    property: name,
    wire: snake(name),
    many: true,
    target,
    join: inverseJoin(property, owner, ownKey),
    orderBy: orderOf({} as EntityProperty, owner),
  }
  relations.set(info.property, info)
  relations.set(info.wire, info)
}

function inverseJoin(property: EntityProperty, owner: EntityMetadata, ownKey: string): Join {
  if (property.kind !== "m:n") {
    return {
      kind: "columns",
      own: property.referencedColumnNames[0] as string,
      other: property.fieldNames[0] as string,
    }
  }
  const [own, other] = [property.inverseJoinColumns[0] as string, property.joinColumns[0] as string]
  return { kind: "pivot", table: pivotOf(property, owner), own, other, ownKey, key: keyColumnOf(owner) }
}

function pivotOf({ pivotTable }: EntityProperty, owner: EntityMetadata): string {
  if (pivotTable.includes(".")) return pivotTable.split(".").map(quote).join(".")
  return `${quote(owner.schema ?? "public")}.${quote(pivotTable)}`
}

function joinOf(property: EntityProperty, target: EntityMetadata, ownsColumn: boolean, ownKey: string): Join {
  const targetKey = keyColumnOf(target)
  if (ownsColumn) return { kind: "columns", own: property.fieldNames[0] as string, other: targetKey }
  if (property.kind === "m:n") {
    const owner = property.owner ? property : (target.properties[property.mappedBy as never] as EntityProperty)
    const own = (property.owner ? owner.joinColumns : owner.inverseJoinColumns)[0] as string
    const other = (property.owner ? owner.inverseJoinColumns : owner.joinColumns)[0] as string
    const pivot = pivotOf(owner, target)
    return { kind: "pivot", table: pivot, own, other, ownKey, key: targetKey }
  }
  const inverse = target.properties[property.mappedBy as never] as EntityProperty
  return { kind: "columns", own: inverse.referencedColumnNames[0] as string, other: inverse.fieldNames[0] as string }
}

function orderOf(property: EntityProperty, target: EntityMetadata): { column: string; descending: boolean }[] {
  const declared = [property.orderBy ?? target.orderBy ?? []].flat() as Record<string, string | number>[]
  const columns = declared.flatMap((order) =>
    Object.entries(order).map(([name, direction]) => ({
      column: (target.properties[name as never] as EntityProperty).fieldNames[0] as string,
      descending: String(direction).toLowerCase() === "desc" || direction === -1,
    })),
  )
  return [...columns, { column: keyColumnOf(target), descending: false }]
}

function searchOf(
  paths: readonly string[],
  meta: EntityMetadata,
  metaOf: (entity: EntityClass) => EntityMetadata,
): ResourceInfo["search"] {
  const groups = new Map<string | undefined, string[]>()
  for (const path of paths) {
    const [first, second] = path.split(".") as [string, string?]
    const relation = second === undefined ? undefined : first
    const owner =
      relation === undefined
        ? meta
        : metaOf((meta.properties[relation as never] as EntityProperty).entity() as EntityClass)
    const property = owner.properties[(second ?? first) as never] as EntityProperty | undefined
    if (property === undefined) throw new TypeError(`${meta.className} cannot be searched by "${path}": no such column`)
    groups.set(relation, [...(groups.get(relation) ?? []), property.fieldNames[0] as string])
  }
  return [...groups].map(([relation, columns]) => ({ relation, columns }))
}
