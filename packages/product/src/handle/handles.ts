import type { Database } from "@marquetry/kernel"
import { slugOf } from "./slug.ts"

/** The tables whose living rows have unique handles. */
export type HandleTable = "product" | "product_category" | "product_collection"

/** A row that needs a handle: one that was asked for, or one made from its title. */
export interface Wanted {
  readonly handle?: string | undefined
  readonly title: string
}

/**
 * Gives every row its handle, in order. One that was asked for is kept, and the unique index decides whether it may be;
 * one that is made from a title gets the smallest numeric suffix that makes it unique.
 *
 * Two statements, however many rows. Until the transaction ends, others wait who want a handle of the same family.
 */
export async function chooseHandles(db: Database, table: HandleTable, rows: readonly Wanted[]): Promise<string[]> {
  const wishes = rows.map(({ handle, title }) => handle ?? slugOf(title))
  await lockHandles(db, table, wishes)
  const derived = wishes.filter((_, index) => rows[index]?.handle === undefined)
  if (derived.length === 0) return wishes
  const taken = await takenHandles(db, table, derived)
  const asked = rows.flatMap(({ handle }) => handle ?? [])
  const used = new Set([...taken, ...asked])
  return wishes.map((wish, index) => {
    if (rows[index]?.handle !== undefined) return wish
    const handle = firstFree(wish, used)
    used.add(handle)
    return handle
  })
}

function firstFree(wish: string, used: ReadonlySet<string>): string {
  if (!used.has(wish)) return wish
  let suffix = 2
  while (used.has(`${wish}-${suffix}`)) suffix++
  return `${wish}-${suffix}`
}

/** What is left of a handle without its numeric suffixes: handles of two families never meet. */
const familyOf = (handle: string) => handle.replace(/(-\d+)+$/, "")

/** More locks than that in one transaction would crowd out others: Postgres holds all of them in one table. */
const LOCKS = 256

/**
 * Lets whoever writes handles of the same families wait for each other. Taken by every write of a handle, so that what
 * {@link chooseHandles} found free stays so.
 */
export async function lockHandles(db: Database, table: HandleTable, handles: readonly string[]): Promise<void> {
  const families = [...new Set(handles.map(familyOf))]
  await db.run(
    `select pg_advisory_xact_lock(key) from (
       select distinct hashtextextended($1::text, 0) / ${LOCKS} * ${LOCKS} + abs(hashtext(family) % ${LOCKS}) as key
       from unnest($2::text[]) as family order by 1
     ) as locks`,
    [`marquetry.${table}.handle`, families],
  )
}

/** Of each wish, itself and its numbered variants, as far as there are any and they can matter. */
async function takenHandles(db: Database, table: HandleTable, wishes: readonly string[]): Promise<string[]> {
  const wanted = new Map<string, number>()
  for (const wish of wishes) wanted.set(wish, (wanted.get(wish) ?? 0) + 1)
  const rows = await db.sql<{ handle: string }>(
    `with wish as (
       select w.handle, w.times, exists (
         select 1 from "product"."${table}" p where p.handle = w.handle and p.deleted_at is null
       ) as taken
       from unnest($1::text[], $2::int[]) as w (handle, times)
     )
     select handle from wish where taken
     union all
     select p.handle from wish w join "product"."${table}" p
       on p.handle ~>=~ (w.handle || '-0') and p.handle ~<~ (w.handle || '-:') and p.deleted_at is null
     where w.taken or w.times > 1`,
    [[...wanted.keys()], [...wanted.values()]],
  )
  return rows.map(({ handle }) => handle)
}
