import type { Database } from "./database/database.ts"
import { metadataOf, tableOf } from "./database/insert-rows.ts"
import type { EntityClass } from "./database/orm.ts"
import { NotFound } from "./errors.ts"
import { labelOf } from "./query/query.ts"
import type { AnyResource } from "./query/resource.ts"

/**
 * Who waits for the record: with `key share`, those who hold it for `update`; with `share`, those who change it or mark it
 * as deleted, too; with `no key update`, those who hold it for `share`, too; with `update`, those who refer to it, too.
 */
export type HoldStrength = "key share" | "share" | "no key update" | "update"

/**
 * Holds records until the transaction under way ends, in one statement and in order of id.
 *
 * @param resource of an entity that has `id` and `deletedAt`.
 * @throws {NotFound} when one of them does not exist.
 */
export async function hold(
  db: Database,
  resource: AnyResource,
  ids: readonly string[],
  strength: HoldStrength,
): Promise<void> {
  if (ids.length === 0) return
  const table = tableOf(metadataOf(db, resource.entity as EntityClass))
  const held = await db.sql<{ id: string }>(
    `select id from ${table} where id = any($1::text[]) and deleted_at is null order by id for ${strength}`,
    [[...new Set(ids)]],
  )
  assertFound(
    resource,
    ids,
    held.map(({ id }) => id),
  )
}

/** @throws {NotFound} when one that is wanted is not among those that were found. */
export function assertFound(
  resource: Pick<AnyResource, "name">,
  wanted: readonly string[],
  found: readonly string[],
): void {
  const there = new Set(found)
  const missing = wanted.find((id) => !there.has(id))
  if (missing !== undefined) throw new NotFound(labelOf(resource), missing)
}
