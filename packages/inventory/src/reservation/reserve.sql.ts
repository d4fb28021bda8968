import { MOST, numbers } from "../level/level.sql.ts"

/**
 * Reserves all lines or none, in one statement that decides from locked rows.
 *
 * The levels of the items are locked in order of id, whatever the order of the lines, so that callers wait for each
 * other and never in a circle. A statement does not see what others commit while it runs, but a row that it locks is
 * read again: so all that is decided is decided from `held`, and from nothing else that reservations change.
 *
 * Units are dealt out by intervals. The lines that ask for an item are laid end to end, those that take no backorders
 * first; so is what its locations have free, in the order of the locations, and behind it what the first of them may owe.
 * Where an interval of a line and one of a location overlap is a reservation.
 *
 * `$1` lines; `$2` ids of locations; `$3` first part of the new ids; `$4` external id; `$5` creator; `$6` description;
 * `$7` metadata; `$8` when they expire; `$9` the time. Answers one row: what was reserved, or what is short.
 */
export const reserve = `
with line as materialized (
  select * from json_to_recordset($1::json) as row (number int, line_item_id text, variant_id text,
    inventory_item_id text, quantity bigint, required_quantity int, allow_backorder boolean)
), need as materialized (
  select number, line_item_id, line.variant_id, part.inventory_item_id, allow_backorder, part.required_quantity,
    line.quantity * part.required_quantity as quantity
  from line join "inventory"."variant_inventory_item" part on part.variant_id = line.variant_id and part.deleted_at is null
  union all
  select number, line_item_id, null, inventory_item_id, allow_backorder, coalesce(required_quantity, 1), quantity
  from line where inventory_item_id is not null
), held as materialized (
  select level.id, level.inventory_item_id, level.location_id, ${numbers}
  from "inventory"."inventory_level" level
  where level.inventory_item_id = any(array(select inventory_item_id from need)) and level.location_id = any($2::text[])
    and level.deleted_at is null
  order by level.id for update
), place as (
  select *, array_position($2::text[], location_id) as position from held
), supply as (
  select id, inventory_item_id, location_id, position, false as owed, greatest(stocked - reserved, 0) as quantity from place
  union all
  (select distinct on (inventory_item_id) id, inventory_item_id, location_id, position, true,
     ${MOST} - greatest(stocked, reserved)
   from place order by inventory_item_id, position)
), supplied as materialized (
  select *, sum(quantity) over earlier - quantity as low, sum(quantity) over earlier as high
  from supply window earlier as (partition by inventory_item_id order by owed, position)
), needed as materialized (
  select *, sum(quantity) over earlier - quantity as low, sum(quantity) over earlier as high
  from need window earlier as (partition by inventory_item_id order by allow_backorder, number)
), total as materialized (
  -- What one location owes is not free elsewhere: whoever waits for it came first.
  select inventory_item_id, greatest(sum(stocked - reserved), 0) as free, most
  from place join (select inventory_item_id, max(high) as most from supplied group by 1) bound using (inventory_item_id)
  group by inventory_item_id, most
), short as materialized (
  select number, line_item_id, variant_id, inventory_item_id, quantity,
    greatest(coalesce(case when allow_backorder then most else free end, 0) - low, 0) as available
  from needed left join total using (inventory_item_id)
  where high > coalesce(case when allow_backorder then most else free end, 0)
  union all
  select number, line_item_id, variant_id, null, quantity, 0 from line
  where variant_id is not null and not exists (select 1 from need where need.number = line.number)
), taken as materialized (
  select needed.number, needed.line_item_id, needed.inventory_item_id, needed.required_quantity, needed.allow_backorder,
    supplied.id as level_id, supplied.location_id, supplied.position,
    sum(least(needed.high, supplied.high) - greatest(needed.low, supplied.low)) as quantity,
    coalesce(sum(least(needed.high, supplied.high) - greatest(needed.low, supplied.low)) filter (where owed), 0) as owed
  from needed join supplied using (inventory_item_id)
  where least(needed.high, supplied.high) > greatest(needed.low, supplied.low) and not exists (select 1 from short)
  group by 1, 2, 3, 4, 5, 6, 7, 8
), changed as (
  update "inventory"."inventory_level" level set stocked_quantity = held.stocked,
    reserved_quantity = held.reserved + part.quantity, backordered_quantity = held.backordered + part.owed,
    updated_at = $9::timestamptz
  from held join (
    select level_id as id, sum(quantity) as quantity, sum(owed) as owed from taken group by level_id
  ) part using (id)
  where level.id = held.id
), made as (
  insert into "inventory"."reservation" (id, inventory_item_id, location_id, quantity, required_quantity, line_item_id,
    allow_backorder, external_id, created_by, description, metadata, expires_at, created_at, updated_at)
  select $3::text || upper(lpad(to_hex(row_number() over (order by number, inventory_item_id, position)), 4, '0')
      || right(gen_random_uuid()::text, 12)),
    inventory_item_id, location_id, quantity, required_quantity, line_item_id, allow_backorder,
    $4::text, $5::text, $6::text, $7::jsonb, $8::timestamptz, $9::timestamptz, $9::timestamptz
  from taken
  returning id, line_item_id, inventory_item_id, location_id, quantity
)
select (select json_agg(json_build_object('id', id, 'lineItemId', line_item_id, 'inventoryItemId', inventory_item_id,
    'locationId', location_id, 'quantity', quantity) order by id) from made)::text as reservations,
  (select json_agg(json_build_object('lineItemId', line_item_id, 'variantId', variant_id, 'inventoryItemId',
    inventory_item_id, 'requested', quantity, 'available', available) order by number, inventory_item_id)
   from short)::text as shortages`
