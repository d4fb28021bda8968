/* Statements on levels. Each locks the rows that it changes in order of id, as `held`, and computes all that it writes
   from there: while it waited, others may have changed them, and only a row that is locked is read again. An `update`
   first tries the row as it was before the wait, and would violate a check with numbers of then; so it writes every
   number that a check compares. */

/** The most that one level can count. */
export const MOST = "1000000000000"

/** What a statement reads of the levels that it locks. */
export const numbers = `level.stocked_quantity as stocked, level.reserved_quantity as reserved,
    level.backordered_quantity as backordered`

/** What it writes to them. What is owed never rises here: a level that would owe more violates its check. */
export const written = (stocked: string, reserved: string): string =>
  `stocked_quantity = ${stocked}, reserved_quantity = ${reserved},
    backordered_quantity = least(held.backordered, greatest(${reserved} - (${stocked}), 0))`

/** Which levels are written: new ones, those that there are, or both. */
export type LevelWrite = "create" | "update" | "set"

/**
 * Sets what is stocked and incoming, and makes the levels that there are not. `$1` holds rows with an id for a new
 * level; `$2` is the time, `$3` a {@link LevelWrite}. Levels that would have less than is reserved are passed over, as are
 * those that are not meant. Needs the items to be locked by a statement before it, so that nobody else makes the same
 * levels.
 */
export const setLevels = `
with given as materialized (
  select * from json_to_recordset($1::json) as row (id text, inventory_item_id text, location_id text,
    stocked_quantity bigint, incoming_quantity bigint)
), held as materialized (
  select level.id, inventory_item_id, location_id, ${numbers},
    coalesce(given.stocked_quantity, level.stocked_quantity) as wanted,
    coalesce(given.incoming_quantity, level.incoming_quantity) as incoming
  from "inventory"."inventory_level" level join given using (inventory_item_id, location_id)
  where level.deleted_at is null order by level.id for update of level
), changed as (
  update "inventory"."inventory_level" level
  set ${written("held.wanted", "held.reserved")}, incoming_quantity = held.incoming, updated_at = $2::timestamptz
  from held where level.id = held.id and held.wanted >= held.reserved - held.backordered and $3::text <> 'create'
  returning level.id, level.inventory_item_id, level.location_id
), made as (
  insert into "inventory"."inventory_level"
    (id, inventory_item_id, location_id, stocked_quantity, incoming_quantity, created_at, updated_at)
  select id, inventory_item_id, location_id, coalesce(stocked_quantity, 0), coalesce(incoming_quantity, 0),
    $2::timestamptz, $2::timestamptz
  from given where $3::text <> 'update' and not exists (
    select 1 from held where held.inventory_item_id = given.inventory_item_id and held.location_id = given.location_id
  )
  returning id, inventory_item_id, location_id
)
select * from changed union all select * from made`

/** The levels named by `$1`, as far as there are any. */
export const levelsThere = `
select level.id, inventory_item_id, location_id
from json_to_recordset($1::json) as row ("inventoryItemId" text, "locationId" text)
join "inventory"."inventory_level" level on inventory_item_id = "inventoryItemId" and location_id = "locationId"
where deleted_at is null`

/**
 * Adds to what is stocked, all or nothing. `$1` holds the adjustments, `$2` is the time. Answers the levels that were
 * asked for: `id` is null where there is none, `fits` false where the stock would be out of bounds.
 */
export const adjustLevels = `
with asked as materialized (
  select inventory_item_id, location_id, sum(adjustment)::bigint as adjustment
  from json_to_recordset($1::json) as row (inventory_item_id text, location_id text, adjustment bigint) group by 1, 2
), held as materialized (
  select level.id, inventory_item_id, location_id, ${numbers}, level.stocked_quantity + asked.adjustment as wanted
  from "inventory"."inventory_level" level join asked using (inventory_item_id, location_id)
  where level.deleted_at is null order by level.id for update of level
), answer as materialized (
  select asked.inventory_item_id, asked.location_id, held.id,
    held.wanted between held.reserved - held.backordered and ${MOST} as fits
  from asked left join held using (inventory_item_id, location_id)
), changed as (
  update "inventory"."inventory_level" level set ${written("held.wanted", "held.reserved")}, updated_at = $2::timestamptz
  from held where level.id = held.id and not exists (select 1 from answer where fits is not true)
)
select * from answer order by id`

/**
 * Deletes levels, all or none. `$1` holds ids, `$2` is the time; `$3` is true where only empty levels may go. Answers
 * the levels that there are, and whether each is in use.
 */
export const deleteLevels = `
with held as materialized (
  select id, inventory_item_id,
    reserved_quantity > 0 or $3::boolean and (stocked_quantity > 0 or incoming_quantity > 0) as used
  from "inventory"."inventory_level" where id = any($1::text[]) and deleted_at is null order by id for update
), gone as (
  update "inventory"."inventory_level" level set deleted_at = $2::timestamptz from held
  where level.id = held.id and not exists (select 1 from held where used)
    and (select count(*) from held) = cardinality($1::text[])
)
select * from held`
