import type { Database } from "../database/database.ts"
import { metadataOf } from "../database/insert-rows.ts"
import type { ComputedField } from "./computed.ts"
import { QueryInvalid } from "./errors.ts"
import { LinkedIds } from "./filter.ts"
import type { Link } from "./link.ts"
import { describeResource, type AnyResource, type RelationInfo, type ResourceInfo } from "./resource.ts"
import type { SelectionReader } from "./selection.ts"
import type { AnyFilter } from "./types.ts"

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

  /**
   * Replaces conditions on rows of another database by the ids of those rows, so that one statement can decide.
   *
   * @param idsOf reads the ids that meet a filter.
   */
  async localise(
    resource: ResourceInfo,
    filter: AnyFilter | undefined,
    idsOf: (resource: string, filter: AnyFilter) => Promise<string[]>,
  ): Promise<AnyFilter> {
    if (filter === undefined) return {}
    if (this.isWhole) return filter
    const local: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(filter)) {
      const [first, ...rest] = key.split(".") as [string, ...string[]]
      const relation = resource.relations.get(first)
      if ((key === "$and" || key === "$or") && Array.isArray(value)) {
        local[key] = await Promise.all(value.map((item: AnyFilter) => this.localise(resource, item, idsOf)))
      } else if (key === "$not") {
        local[key] = await this.localise(resource, value as AnyFilter, idsOf)
      } else if (relation !== undefined && this.apart(resource.name, relation.target)) {
        const { key: targetKey } = this.resource(relation.target)
        const inner = rest.length > 0 ? { [rest.join(".")]: value } : asFilter(value, targetKey)
        const ids = await idsOf(relation.target, inner)
        local[first] = new LinkedIds(ids)
      } else {
        local[key] = value
      }
    }
    return local
  }

  #addLink(link: Link): void {
    const { left, right, options } = link
    const [from, to] = [this.resource(left.name), this.resource(right.name)]
    const { table, leftColumn, rightColumn } = link
    this.#addRelation(from, options.as, right.name, options.left !== "one", {
      kind: "pivot",
      table,
      own: leftColumn,
      other: rightColumn,
      ownKey: from.key,
      key: to.key,
    })
    if (options.inverse === undefined || this.apart(left.name, right.name)) return
    this.#addRelation(to, options.inverse, left.name, options.right !== "one", {
      kind: "pivot",
      table,
      own: rightColumn,
      other: leftColumn,
      ownKey: to.key,
      key: from.key,
    })
  }

  #addRelation(from: ResourceInfo, wire: string, target: string, many: boolean, join: RelationInfo["join"]): void {
    const property = wire.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    if (from.relations.has(property) || from.fields.has(property)) {
      throw new TypeError(`A link cannot be named "${wire}": ${from.name} has that already`)
    }
    const info: RelationInfo = {
      property,
      wire,
      many,
      target,
      join,
      orderBy: [{ column: this.resource(target).key, descending: false }],
    }
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

/** A relation compared with an id, or a list of them, is compared by the key of its rows. */
function asFilter(value: unknown, key: string): AnyFilter {
  const isFilter = typeof value === "object" && value !== null && !Array.isArray(value)
  const isOperators =
    isFilter && Object.keys(value).some((key) => key.startsWith("$") && !["$and", "$or", "$not"].includes(key))
  return isFilter && !isOperators ? (value as AnyFilter) : { [key]: value }
}
