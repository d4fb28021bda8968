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
 * Who has to wait for whoever writes a handle of a family: everybody who writes one, or only who chooses one, so that what
 * was found free stays so. Together is for rows that are inserted in order of their handles: the unique index then lets
 * two callers who want the same wait for each other, and not crosswise.
 */
export type HandleLock = "alone" | "together"

/**
 * Gives every row its handle, in order. One that was asked for is kept, and the unique index decides whether it may be;
 * one that is made from a title gets the smallest numeric suffix that makes it unique.
 *
 * Two statements, however many rows. Until the transaction ends, others wait who want a handle of the same family.
 *
 * @param asked how handles that were asked for are held; those made from titles are held alone.
 */
export async function chooseHandles(
  db: Database,
  table: HandleTable,
  rows: readonly Wanted[],
  asked: HandleLock = "alone",
): Promise<string[]> {
  const wishes = rows.map(({ handle, title }) => handle ?? slugOf(title))
  const derived = wishes.filter((_, index) => rows[index]?.handle === undefined)
  const given = rows.flatMap(({ handle }) => handle ?? [])
  await lockHandles(db, table, asked === "alone" ? { alone: wishes } : { alone: derived, together: given })
  if (derived.length === 0) return wishes
  const used = new Set([...(await takenHandles(db, table, derived)), ...given])
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
 * Lets whoever writes handles of the same families wait for each other, as {@link HandleLock} says. Taken by every write of
 * a handle, so that what {@link chooseHandles} found free stays so.
 */
export async function lockHandles(
  db: Database,
  table: HandleTable,
  handles: Partial<Record<HandleLock, readonly string[]>>,
): Promise<void> {
  const { alone = [], together = [] } = handles
  // One key after the other, each in the stronger way that is asked for: a lock that is held is never made stronger.
  await db.run(
    `select case when alone then pg_advisory_xact_lock(key)::text else pg_advisory_xact_lock_shared(key)::text end from (
       select hashtextextended($1::text, 0) / ${LOCKS} * ${LOCKS} + abs(hashtext(family) % ${LOCKS}) as key, bool_or(alone) as alone
       from (select unnest($2::text[]), true union all select unnest($3::text[]), false) as wanted (family, alone)
       group by 1 order by 1
     ) as locks`,
    [`marquetry.${table}.handle`, familiesOf(alone), familiesOf(together)],
  )
}

const familiesOf = (handles: readonly string[]) => [...new Set(handles.map(familyOf))]

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
