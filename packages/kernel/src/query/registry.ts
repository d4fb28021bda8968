import type { Database } from "../database/database.ts"
import { metadataOf } from "../database/insert-rows.ts"
import type { ComputedField } from "./computed.ts"
import { QueryInvalid } from "./errors.ts"
import type { ColumnLink, Link, TableLink } from "./link.ts"
import { describeResource, type AnyResource, type RelationInfo, type ResourceInfo } from "./resource.ts"
import type { SelectionReader } from "./selection.ts"

/** What can be read in a composition: the resources of its modules, joined by its links. */
export class ResourceRegistry implements SelectionReader {
  readonly #resources = new Map<string, ResourceInfo>()
  readonly #databases = new Map<string, Database>()
  readonly #computed = new Map<string, ComputedField>()
  readonly #links: readonly Link[]
  #isWhole: boolean | undefined

  constructor(
    modules: readonly { database: Database; resources: readonly AnyResource[] }[],
    links: readonly Link[],
    computed: readonly ComputedField[],
  ) {
    const names = new Map(modules.flatMap(({ resources }) => resources.map(({ name, entity }) => [entity.name, name])))
    for (const { database, resources } of modules) {
      for (const resource of resources) {
        if (this.#resources.has(resource.name)) throw new TypeError(`Two modules publish a resource "${resource.name}"`)
        const info = describeResource(
          resource,
          metadataOf(database, resource.entity as never),
          (entity) => metadataOf(database, entity),
          (className) => names.get(className),
        )
        this.#resources.set(resource.name, info)
        this.#databases.set(resource.name, database)
      }
    }
    this.#links = links
    for (const link of links) this.#addLink(link)
    for (const field of computed) this.#addComputed(field)
  }

  /** @throws {QueryInvalid} when no module of this composition publishes it. */
  resource(name: string): ResourceInfo {
    const info = this.#resources.get(name)
    if (info === undefined) throw new QueryInvalid(`There is no resource "${name}"`, name)
    return info
  }

  has(name: string): boolean {
    return this.#resources.has(name)
  }

  databaseOf(resource: string): Database {
    this.resource(resource)
    return this.#databases.get(resource) as Database
  }

  computed(resource: string, name: string): ComputedField | undefined {
    return this.#computed.get(`${resource}.${name}`)
  }

  apart(resource: string, other: string): boolean {
    return this.#databases.get(resource) !== this.#databases.get(other)
  }

  /** Whether everything is in one database. */
  get isWhole(): boolean {
    this.#isWhole ??= new Set(this.#databases.values()).size === 1
    return this.#isWhole
  }

  get links(): readonly Link[] {
    return this.#links
  }

  #addLink(link: Link): void {
    const [from, to] = [this.resource(link.left.name), this.resource(link.right.name)]
    if (link.kind === "column") this.#addColumnLink(link, from, to)
    else this.#addTableLink(link, from, to)
  }

  #addTableLink(link: TableLink, from: ResourceInfo, to: ResourceInfo): void {
    const { options, table, leftColumn, rightColumn } = link
    const toRight = {
      kind: "pivot",
      table,
      own: leftColumn,
      other: rightColumn,
      ownKey: from.key,
      key: to.key,
    } as const
    this.#addRelation(from, options.as, { target: to.name, many: options.left !== "one", join: toRight })
    if (options.inverse === undefined) return
    const toLeft = { kind: "pivot", table, own: rightColumn, other: leftColumn, ownKey: to.key, key: from.key } as const
    this.#addRelation(to, options.inverse, {
      target: from.name,
      many: options.right !== "one",
      join: toLeft,
      // The table is where the left resource is.
      ...(this.apart(from.name, to.name) && { place: "target" as const }),
    })
  }

  #addColumnLink({ options }: ColumnLink, from: ResourceInfo, to: ResourceInfo): void {
    const field = from.fields.get(options.column)
    if (field === undefined) throw new TypeError(`${from.name} has no field "${options.column}" to link by`)
    const { column } = field
    const join = { kind: "columns", own: column, other: to.key } as const
    this.#addRelation(from, options.as, { target: to.name, many: false, join })
    if (options.inverse === undefined) return
    this.#addRelation(to, options.inverse, {
      target: from.name,
      many: options.right !== "one",
      join: { kind: "columns", own: to.key, other: column },
    })
  }

  #addRelation(
    from: ResourceInfo,
    wire: string,
    relation: Pick<RelationInfo, "target" | "many" | "join" | "place">,
  ): void {
    const property = wire.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    if (from.relations.has(property) || from.fields.has(property)) {
      throw new TypeError(`A link cannot be named "${wire}": ${from.name} has that already`)
    }
    const orderBy = [{ column: this.resource(relation.target).key, descending: false }]
    const info: RelationInfo = { property, wire, orderBy, ...relation }
    from.relations.set(property, info)
    from.relations.set(wire, info)
  }

  #addComputed(field: ComputedField): void {
    const resource = this.resource(field.resource)
    const key = `${field.resource}.${field.name}`
    if (this.#computed.has(key) || resource.fields.has(field.name) || resource.relations.has(field.name)) {
      throw new TypeError(`${field.resource} has a field "${field.name}" already`)
    }
    this.#computed.set(key, field)
  }
}
