import { NotFound, type Database } from "@marquetry/kernel"

const labels = { zone: "Service zone", profile: "Shipping profile", type: "Shipping option type" } as const

/** What options name. */
export interface References {
  readonly zone: readonly string[]
  readonly profile: readonly string[]
  readonly type: readonly string[]
}

const live = (table: string, position: number) =>
  `select id from "fulfillment"."${table}" where id = any($${position}::text[]) and deleted_at is null order by id for share`

const hold = `
  with zone as materialized (${live("service_zone", 1)}), profile as materialized (${live("shipping_profile", 2)}),
    type as materialized (${live("shipping_option_type", 3)})
  select 'zone' as kind, id from zone union all select 'profile', id from profile union all select 'type', id from type`

/** Keeps zones, profiles and types from being deleted until the transaction ends, in one statement. @throws {NotFound} */
export async function holdReferences(db: Database, { zone, profile, type }: References): Promise<void> {
  const rows = await db.sql<{ kind: keyof References; id: string }>(hold, [zone, profile, type])
  const found = new Set(rows.map(({ kind, id }) => `${kind} ${id}`))
  for (const [kind, ids] of Object.entries({ zone, profile, type }) as [keyof References, readonly string[]][]) {
    const missing = ids.find((id) => !found.has(`${kind} ${id}`))
    if (missing !== undefined) throw new NotFound(labels[kind], missing)
  }
}
