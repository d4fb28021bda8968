import { QueryInvalid } from "./errors.ts"
import { asRelated, Inside, isFilter, LinkedIds } from "./filter.ts"
import type { ResourceRegistry } from "./registry.ts"
import type { RelationInfo, ResourceInfo } from "./resource.ts"
import type { AnyFilter } from "./types.ts"

/**
 * Replaces conditions on rows of another database by what ties those rows to ours, so that one statement can decide.
 *
 * @param filter was checked before: nothing is read for one that is refused.
 * @param tiesOf reads the keys that stand for a condition on the rows of a relation.
 */
export async function localise(
  registry: ResourceRegistry,
  resource: ResourceInfo,
  filter: AnyFilter,
  tiesOf: (relation: RelationInfo, filter: AnyFilter) => Promise<string[]>,
): Promise<AnyFilter> {
  const inside = (other: ResourceInfo, condition: AnyFilter) => localise(registry, other, condition, tiesOf)
  const local: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(filter)) {
    if ((key === "$and" || key === "$or") && Array.isArray(value)) {
      local[key] = await Promise.all(value.map((item: AnyFilter) => inside(resource, item)))
      continue
    }
    if (key === "$not") {
      local[key] = await inside(resource, value as AnyFilter)
      continue
    }
    const [first, ...rest] = key.split(".") as [string, ...string[]]
    const relation = resource.fields.has(key) ? undefined : resource.relations.get(first)
    if (relation === undefined || value === undefined) {
      local[key] = value
      continue
    }
    const target = registry.resource(relation.target)
    const inner = rest.length > 0 ? { [rest.join(".")]: value } : asRelated(value, target)
    const isApart = registry.apart(resource.name, relation.target)
    if (isApart && value === null) {
      throw new QueryInvalid(`"${key}" is in another database: say $not: { ${key}: {} }`, key)
    }
    if (isApart) local[key] = new LinkedIds(await tiesOf(relation, inner))
    else local[key] = rest.length > 0 || isFilter(value) ? new Inside(await inside(target, inner)) : value
  }
  return local
}
