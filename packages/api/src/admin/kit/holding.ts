import type { RequestInfo } from "@marquetry/http"
import { Database, NotFound, ResourceRegistry, type HoldStrength } from "@marquetry/kernel"

/** Rows of a resource that somebody names, and what they are called when one is missing. */
export interface Named {
  readonly resource: string
  readonly label: string
  readonly ids: readonly string[]
}

/** Holds rows until the transaction ends, in order of their keys. @throws {NotFound} naming the first that is not there. */
export async function holdRows(
  { resolve }: Pick<RequestInfo, "resolve">,
  named: Named,
  strength: HoldStrength,
): Promise<void> {
  const { table, key, softDelete } = resolve<ResourceRegistry>(ResourceRegistry).resource(named.resource)
  const there = softDelete ? "and deleted_at is null" : ""
  const rows = await resolve<Database>(Database).sql<{ id: string }>(
    `select "${key}" as id from ${table} where "${key}" = any($1::text[]) ${there} order by 1 for ${strength}`,
    [named.ids],
  )
  assertNamed(named, rows)
}

/** @throws {NotFound} naming the first that was not found. */
export function assertNamed({ label, ids }: Named, rows: readonly { readonly id?: unknown }[]): void {
  const found = new Set(rows.map(({ id }) => id))
  const missing = ids.find((id) => !found.has(id))
  if (missing !== undefined) throw new NotFound(label, missing)
}
