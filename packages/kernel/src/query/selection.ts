import type { ComputedField } from "./computed.ts"
import { QueryInvalid } from "./errors.ts"
import type { FieldInfo, Join, RelationInfo, ResourceInfo } from "./resource.ts"
import type { AnySelection } from "./types.ts"

/** A selection checked against its resource: what one level of the answer holds, in the order of the selection. */
export interface Level {
  readonly resource: ResourceInfo
  readonly fields: readonly FieldInfo[]
  readonly relations: readonly { readonly info: RelationInfo; readonly level: Level; readonly remote: boolean }[]
  readonly computed: readonly { readonly field: ComputedField; readonly needs: Level; readonly key: Path | undefined }[]
}

/** A column of a row, or of one that it reaches by to-one relations. */
export interface Path {
  readonly through: readonly { readonly join: Join; readonly resource: ResourceInfo }[]
  readonly field: FieldInfo
}

export interface SelectionReader {
  resource(name: string): ResourceInfo
  computed(resource: string, name: string): ComputedField | undefined
  /** Whether rows of two resources are in different databases, so that one statement cannot read both. */
  apart(resource: string, other: string): boolean
}

/** Levels of relations that a selection may have; the HTTP API allows fewer. */
export const MAX_LEVELS = 10

const none: AnySelection = {}

/**
 * Checks a selection.
 *
 * @param unknown what to do with a field that there is not: callers in TypeScript are refused, for a request over HTTP
 *   it is dropped, as the wire's contract has it.
 */
export function readSelection(
  reader: SelectionReader,
  resource: ResourceInfo,
  selection: AnySelection,
  unknown: "refuse" | "drop",
  depth = 0,
): Level {
  if (typeof selection !== "object" || selection === null) {
    throw new QueryInvalid(`Fields of ${resource.name} are given by name`, resource.name)
  }
  if (depth > MAX_LEVELS) throw new QueryInvalid(`Selections nest ${MAX_LEVELS} relations at most`, resource.name)
  const fields = new Set<FieldInfo>()
  const relations = new Map<string, Level["relations"][number]>()
  const computed = new Map<string, Level["computed"][number]>()
  for (const [name, inner] of Object.entries(selection)) {
    if (name === "*") for (const field of resource.fields.values()) fields.add(field)
    else if (resource.fields.has(name)) fields.add(resource.fields.get(name) as FieldInfo)
    else {
      const info = resource.relations.get(name)
      const field = reader.computed(resource.name, name)
      if (info !== undefined) {
        const chosen = inner === true ? { "*": true as const } : inner
        const level = readSelection(reader, reader.resource(info.target), chosen, unknown, depth + 1)
        relations.set(info.property, { info, level, remote: reader.apart(resource.name, info.target) })
      } else if (field !== undefined) {
        computed.set(field.name, {
          field,
          needs: readSelection(reader, resource, field.needs ?? none, "refuse", depth + 1),
          key: field.key === undefined ? undefined : readPath(reader, resource, field.key, "computed"),
        })
      } else if (unknown === "refuse") throw new QueryInvalid(`${resource.name} has no field "${name}"`, name)
    }
  }
  return { resource, fields: [...fields], relations: [...relations.values()], computed: [...computed.values()] }
}

/** @throws {QueryInvalid} when the path ends nowhere, or leads through many rows or another database. */
export function readPath(
  reader: SelectionReader,
  root: ResourceInfo,
  path: string,
  purpose: "ordered" | "computed",
  hidden?: ReadonlySet<string>,
): Path {
  const refuse = (): never => {
    throw new QueryInvalid(`${root.name} cannot be ${purpose} by "${path}"`, path)
  }
  const steps = path.split(".")
  const through: Path["through"][number][] = []
  let resource = root
  for (const step of steps.slice(0, -1)) {
    const relation = resource.relations.get(step)
    if (relation === undefined || relation.many || hidden?.has(relation.target) === true) return refuse()
    if (reader.apart(resource.name, relation.target)) return refuse()
    resource = reader.resource(relation.target)
    through.push({ join: relation.join, resource })
  }
  const field = resource.fields.get(steps.at(-1) as string)
  return field === undefined ? refuse() : { through, field }
}

/** Equal for levels that have the same SQL. */
export function keyOf(level: Level): string {
  const fields = level.fields.map(({ column }) => column).join(",")
  const relations = level.relations.map(
    ({ info, level: inner, remote }) => `${info.wire}${remote ? "!" : ""}${keyOf(inner)}`,
  )
  const computed = level.computed.map(({ field, needs }) => `=${field.name}${keyOf(needs)}`)
  return `${level.resource.name}{${[fields, ...relations, ...computed].join(";")}}`
}

/** Whether the answer of Postgres is complete, or has places that are filled in afterwards. */
export function isComplete(level: Level): boolean {
  return (
    level.computed.length === 0 && level.relations.every(({ remote, level: inner }) => !remote && isComplete(inner))
  )
}
