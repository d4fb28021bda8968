import { MAX_LIMIT, ModuleError, type Query } from "@marquetry/kernel"

/** Ids of rows of other modules, by resource. */
export type References = Readonly<Record<string, readonly (string | null | undefined)[]>>

/** Of these, only those in use may be named. */
const usable: Readonly<Record<string, { isEnabled: true }>> = {
  fulfillment_provider: { isEnabled: true },
  payment_provider: { isEnabled: true },
}

/** Rows of other modules that are named, and that are not there, or not any more; or providers that are not in use. */
export class ReferenceUnknown extends ModuleError {
  readonly code = "reference.unknown"
  readonly kind = "invalid"
  override readonly details: { resource: string; ids: readonly string[] }
  constructor(resource: string, ids: readonly string[]) {
    const inUse = resource in usable ? " in use" : ""
    super(`There is no ${resource.replaceAll("_", " ")}${inUse} with the id: ${ids.join(", ")}`)
    this.details = { resource, ids }
  }
}

/**
 * Checks that what is named is there, in one statement. Rows of other modules are not held: one that is deleted at the
 * same moment leaves an id that names nothing, which reads as none.
 *
 * @throws {ReferenceUnknown} with all that are missing of one kind.
 */
export async function assertKnown(query: Query, references: References): Promise<void> {
  const named = Object.entries(references).flatMap(([resource, ids]) => {
    const distinct = [...new Set(ids.filter((id) => typeof id === "string"))]
    return distinct.length === 0 ? [] : [{ resource, ids: distinct }]
  })
  const found = await query.listTogether(
    named.map(({ resource, ids }) => ({
      resource,
      read: { fields: { id: true }, filter: { ...usable[resource], id: ids }, limit: MAX_LIMIT },
    })),
  )
  for (const [index, { resource, ids }] of named.entries()) {
    const there = new Set(found[index]?.map((row) => row["id"]))
    const missing = ids.filter((id) => !there.has(id))
    if (missing.length > 0) throw new ReferenceUnknown(resource, missing)
  }
}
