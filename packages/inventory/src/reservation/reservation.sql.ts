import { MOST, numbers, written } from "../level/level.sql.ts"

/* Statements on reservations. Each locks reservations in order of id, then their levels in order of id, and computes
   what it writes from the locked rows: see the statements on levels. */

/** By what reservations are named: the column, and how `$1` holds its values. */
const selectors = {
  ids: { column: "id", matches: "id = any($1::text[])" },
  lineItemIds: { column: "line_item_id", matches: "line_item_id = any($1::text[])" },
  externalId: { column: "external_id", matches: "external_id = any($1::text[])" },
} as const

export type SelectedBy = keyof typeof selectors

/** For statements that lock reservations as `gone` and give back what they hold. `$2` is the time. */
const giveBack = `
), part as (
  select inventory_item_id, location_id, sum(quantity) as quantity from gone group by 1, 2
), held as materialized (
  select level.id, ${numbers}, part.quantity
  from "inventory"."inventory_level" level join part using (inventory_item_id, location_id)
  where level.deleted_at is null order by level.id for update of level
), returned as (
  update "inventory"."inventory_level" level
  set ${written("held.stocked", "held.reserved - held.quantity")}, updated_at = $2::timestamptz
  from held where level.id = held.id
), closed as (
  update "inventory"."reservation" row set deleted_at = $2::timestamptz, updated_at = $2::timestamptz
  from gone where row.id = gone.id
)
select id, inventory_item_id, line_item_id, external_id from gone order by id`

/** Releases those selected that are still held. */
export const release = (by: SelectedBy): string => `
with gone as materialized (
  select id, inventory_item_id, location_id, quantity, line_item_id, external_id from "inventory"."reservation"
  where ${selectors[by].matches} and deleted_at is null order by id for update
${giveBack}`

/** Releases at most `$1` that have expired and that nobody else is at. */
export const releaseExpired = `
with gone as materialized (
  select id, inventory_item_id, location_id, quantity, line_item_id, external_id from "inventory"."reservation"
  where expires_at <= statement_timestamp() and deleted_at is null
  order by expires_at limit $1::int for update skip locked
${giveBack}`

/**
 * Takes the expiry from those selected, all or none; `$2` is the time. Nothing is done when one of the values has no
 * reservation, when one was released while this waited for its lock, or when one has expired: released or not, it is
 * late, and others that were made with it may be gone.
 */
export const confirm = (by: SelectedBy): string => `
with held as materialized (
  select id, ${selectors[by].column} as key, expires_at from "inventory"."reservation"
  where ${selectors[by].matches} and deleted_at is null order by id for update
), before as materialized (
  select id from "inventory"."reservation" where ${selectors[by].matches} and deleted_at is null
), expired as materialized (
  select id from held where expires_at <= statement_timestamp()
), ok as materialized (
  select 1 where not exists (select 1 from expired)
    and (select count(*) from held) = (select count(*) from before)
    and (select count(distinct key) from held) = cardinality($1::text[])
), confirmed as (
  update "inventory"."reservation" row set expires_at = null, updated_at = $2::timestamptz from held
  where row.id = held.id and held.expires_at is not null and exists (select 1 from ok)
)
select exists (select 1 from ok) as ok, coalesce((select json_agg(id order by id) from held), '[]')::text as ids,
  coalesce((select json_agg(distinct key) from held), '[]')::text as keys,
  coalesce((select json_agg(id order by id) from expired), '[]')::text as expired`

/**
 * Moves reserved units between levels of one item. `$1` is the item, `$2` holds locations and by how much what is reserved
 * there changes, `$3` whether backorders are allowed, `$4` is the time. Answers the levels that there are and whether each
 * has room; nothing is changed unless all have.
 */
export const moveReserved = `
with part as materialized (
  select * from json_to_recordset($2::json) as row (location_id text, change bigint)
), locked as materialized (
  select level.id, location_id, ${numbers}, part.change
  from "inventory"."inventory_level" level join part using (location_id)
  where level.inventory_item_id = $1::text and level.deleted_at is null order by level.id for update of level
), held as materialized (
  select id, location_id, stocked, reserved, change,
    -- What may be owed afterwards: more than before only where backorders are allowed.
    case when $3::boolean and change > 0 then ${MOST} else backordered end as backordered,
    reserved + change <= ${MOST} and (change <= 0 or $3::boolean or stocked - reserved >= change) as fits
  from locked
), changed as (
  update "inventory"."inventory_level" level
  set ${written("held.stocked", "held.reserved + held.change")}, updated_at = $4::timestamptz
  from held where level.id = held.id and not exists (select 1 from held where not fits)
    and (select count(*) from held) = (select count(*) from part)
)
select location_id, (stocked - reserved)::float8 as available, fits from held`
