import type { AnySelection, FieldInfo, ResourceRegistry } from "@marquetry/kernel"
import { z } from "zod"

/** The schema of what a selection of a resource is answered as, in names of the wire: taken from its columns. */
export function resourceSchema(registry: ResourceRegistry, resource: string, selection: AnySelection): z.ZodObject {
  const info = registry.resource(resource)
  const shape: Record<string, z.ZodType> = {}
  for (const [name, inner] of Object.entries(selection)) {
    if (name === "*") {
      for (const field of info.fields.values()) shape[field.column] = fieldSchema(field)
      continue
    }
    const field = info.fields.get(name)
    const relation = info.relations.get(name)
    if (field !== undefined) shape[field.column] = fieldSchema(field)
    else if (relation !== undefined) {
      const related = resourceSchema(registry, relation.target, inner === true ? { "*": true } : inner)
      shape[relation.wire] = relation.many ? z.array(related) : related.nullable()
    } else if (registry.computed(resource, name) !== undefined) shape[name] = z.unknown()
  }
  return z.object(shape)
}

const object = () => z.record(z.string(), z.unknown())

const types: Record<FieldInfo["type"], () => z.ZodType> = {
  text: () => z.string(),
  number: () => z.number(),
  decimal: () => z.number(),
  boolean: () => z.boolean(),
  instant: () => z.iso.datetime(),
  json: () => z.union([object(), z.array(z.unknown()), z.string(), z.number(), z.boolean()]),
  array: () => z.array(z.string()),
}

function fieldSchema({ column, type, nullable, values }: FieldInfo): z.ZodType {
  const plain = column === "metadata" ? object : types[type]
  const schema = values === undefined ? plain() : z.enum(values)
  return nullable ? schema.nullable() : schema
}
