import { InvalidInput, NotFound, type Database } from "@marquetry/kernel"
import { ShippingOptionRule } from "./shipping-option/shipping-option.entity.ts"
import { GeoZone } from "./zone/zone.entity.ts"

/* What is done with rows that belong to another one. Whoever changes them holds their owner, so that each of these
   functions sees all rows that there are. */

const lists = {
  geoZones: { entity: GeoZone, table: "geo_zone", column: "service_zone_id", owner: "serviceZone", label: "Geo zone" },
  rules: {
    entity: ShippingOptionRule,
    table: "shipping_option_rule",
    column: "shipping_option_id",
    owner: "shippingOption",
    label: "Shipping option rule",
  },
} as const

/** A row of a list; with an `id`, one that there is. */
export type Entry = Record<string, unknown> & { readonly id?: string }

export interface ListChanges {
  readonly created: readonly string[]
  readonly updated: readonly string[]
  readonly deleted: readonly string[]
}

/**
 * Makes a list what is given, in four statements at most: entries with an id are overwritten, those without are added, what
 * is not named is deleted.
 *
 * @throws {NotFound} when an id is none of the owner's. {@link InvalidInput} when it is named twice.
 */
export async function replaceList(
  db: Database,
  name: keyof typeof lists,
  owner: string,
  entries: readonly Entry[],
): Promise<void> {
  const current = await idsOf(db, name, owner)
  const kept = new Set(entries.map(({ id }) => id))
  const named = entries.filter(({ id }) => id !== undefined)
  const added = entries.filter(({ id }) => id === undefined)
  await write(db, name, owner, current, { added, named, removed: [...current].filter((id) => !kept.has(id)) })
}

/**
 * Adds, changes and deletes entries of a list and leaves the others, in four statements at most.
 *
 * @throws {NotFound} when an id is none of the owner's. {@link InvalidInput} when it is named twice.
 */
export async function changeList(
  db: Database,
  name: keyof typeof lists,
  owner: string,
  changes: { readonly create: readonly Entry[]; readonly update: readonly Entry[]; readonly delete: readonly string[] },
): Promise<ListChanges> {
  const current = await idsOf(db, name, owner)
  const removed = [...new Set(changes.delete)]
  const created = await write(db, name, owner, current, { added: changes.create, named: changes.update, removed })
  return { created, updated: changes.update.map(({ id }) => id as string), deleted: removed }
}

async function write(
  db: Database,
  name: keyof typeof lists,
  owner: string,
  current: ReadonlySet<string>,
  { added, named, removed }: { added: readonly Entry[]; named: readonly Entry[]; removed: readonly string[] },
): Promise<string[]> {
  const { entity, table, owner: property, label } = lists[name]
  const touched = [...named.map(({ id }) => id as string), ...removed]
  const missing = touched.find((id) => !current.has(id))
  if (missing !== undefined) throw new NotFound(label, missing)
  if (new Set(touched).size < touched.length) throw new InvalidInput([{ path: [name], message: "each id once" }])
  if (removed.length > 0) {
    await db.run(
      `update "fulfillment"."${table}" set deleted_at = $2::timestamptz, updated_at = $2::timestamptz where id = any($1::text[])`,
      [removed, new Date().toISOString()],
    )
  }
  await db.updateRows(entity, named)
  return db.insertRows(
    entity,
    added.map((entry) => ({ ...entry, [property]: owner })),
  )
}

async function idsOf(db: Database, name: keyof typeof lists, owner: string): Promise<Set<string>> {
  const { table, column } = lists[name]
  const rows = await db.sql<{ id: string }>(
    `select id from "fulfillment"."${table}" where ${column} = $1 and deleted_at is null`,
    [owner],
  )
  return new Set(rows.map(({ id }) => id))
}
