import { MOST, numbers, written } from "../level/level.sql.ts"

/* What leaves, and what comes back: statements that change reservations and stock together, all lines or none. */

/** The lines as they are asked for: `$1` holds them, a line once. */
const asked = `
with line as materialized (
  select * from json_to_recordset($1::json)
    as row (line_item_id text, location_id text, quantity bigint, inventory_item_ids text[])
)`

/**
 * How much of each reservation: the units of a line and item are laid end to end, by `order`, and taken from the
 * beginning. A line that is made of several items takes of each what one unit of it requires: `whole` says of which.
 */
const dealt = (quantity: string, order: string) => `
need as materialized (
  select line_item_id, inventory_item_id, max(whole.required_quantity) * max(line.quantity) as quantity,
    coalesce(sum(found.${quantity}), 0) as available
  from whole join line using (line_item_id) left join found using (line_item_id, inventory_item_id) group by 1, 2
), short as materialized (
  select line_item_id, inventory_item_id, quantity, available from need where available < quantity
  union all
  select line_item_id, null, quantity, 0 from line
  where not exists (select 1 from found where found.line_item_id = line.line_item_id)
), laid as (
  select *, sum(${quantity}) over (partition by line_item_id, inventory_item_id order by ${order}) - ${quantity} as low
  from found
), part as materialized (
  select laid.id, inventory_item_id, location_id, laid.quantity as open, laid.fulfilled_quantity as fulfilled, laid.is_open,
    least(laid.${quantity}, need.quantity - low) as quantity
  from laid join need using (line_item_id, inventory_item_id) where low < need.quantity
), held as materialized (
  select level.id, inventory_item_id, location_id, ${numbers}, due.quantity
  from "inventory"."inventory_level" level
  join (select inventory_item_id, location_id, sum(quantity) as quantity from part group by 1, 2) due
    using (inventory_item_id, location_id)
  where level.deleted_at is null order by level.id for update of level
)`

const answer = `
select (select json_agg(json_build_object('lineItemId', line_item_id, 'inventoryItemId', inventory_item_id,
    'requested', quantity, 'available', available) order by line_item_id, inventory_item_id) from short)::text as short,
  (select json_agg(json_build_object('inventoryItemId', inventory_item_id, 'locationId', location_id,
    'requested', quantity, 'available', stocked) order by inventory_item_id, location_id) from lacking)::text as lacking,
  coalesce((select json_agg(id order by id) from part), '[]')::text as ids`

/**
 * Takes from what is reserved and stocked. `$2` is the time. A reservation that is fulfilled as a whole is deleted.
 *
 * A line leaves with all of its items or not at all: with those that are reserved for it elsewhere, and those that were once
 * and that its unit is still made of.
 */
export const fulfil = `${asked}, found as materialized (
  select row.id, row.line_item_id, row.inventory_item_id, row.location_id, row.quantity, row.required_quantity,
    row.fulfilled_quantity, true as is_open
  from "inventory"."reservation" row join line on line.line_item_id = row.line_item_id
    and (line.location_id is null or line.location_id = row.location_id)
  where row.deleted_at is null order by row.id for update of row
), whole as materialized (
  select row.line_item_id, row.inventory_item_id, max(row.required_quantity) as required_quantity
  from "inventory"."reservation" row join line on line.line_item_id = row.line_item_id
  where (row.deleted_at is null or row.inventory_item_id = any(line.inventory_item_ids))
    and exists (select 1 from found where found.line_item_id = row.line_item_id)
  group by 1, 2
), ${dealt("quantity", "id")}, lacking as materialized (
  select inventory_item_id, location_id, quantity, stocked from held where stocked < quantity
), ok as (
  select 1 where not exists (select 1 from short) and not exists (select 1 from lacking)
), changed as (
  update "inventory"."inventory_level" level
  set ${written("held.stocked - held.quantity", "held.reserved - held.quantity")}, updated_at = $2::timestamptz
  from held where level.id = held.id and exists (select 1 from ok)
), taken as (
  update "inventory"."reservation" row set fulfilled_quantity = part.fulfilled + part.quantity,
    quantity = case when part.quantity < part.open then part.open - part.quantity else part.open end,
    deleted_at = case when part.quantity < part.open then null else $2::timestamptz end, expires_at = null,
    updated_at = $2::timestamptz
  from part where row.id = part.id and exists (select 1 from ok)
)${answer}`

/** Puts back what was fulfilled last, into stock and reservation. `$2` is the time. */
export const restock = `${asked}, found as materialized (
  select row.id, row.line_item_id, row.inventory_item_id, row.location_id, row.quantity, row.required_quantity,
    row.fulfilled_quantity, row.deleted_at is null as is_open
  from "inventory"."reservation" row join line on line.line_item_id = row.line_item_id
    and (line.location_id is null or line.location_id = row.location_id)
  where row.fulfilled_quantity > 0 order by row.id for update of row
), whole as materialized (
  select line_item_id, inventory_item_id, max(required_quantity) as required_quantity from found group by 1, 2
), ${dealt("fulfilled_quantity", "id desc")}, lacking as materialized (
  -- A level that was deleted, or that cannot count as much.
  select part.inventory_item_id, part.location_id, part.quantity, null::bigint as stocked from part
  left join held using (inventory_item_id, location_id)
  where held.id is null or greatest(held.stocked, held.reserved) + held.quantity > ${MOST}
), ok as (
  select 1 where not exists (select 1 from short) and not exists (select 1 from lacking)
), changed as (
  update "inventory"."inventory_level" level
  set ${written("held.stocked + held.quantity", "held.reserved + held.quantity")}, updated_at = $2::timestamptz
  from held where level.id = held.id and exists (select 1 from ok)
), returned as (
  update "inventory"."reservation" row set fulfilled_quantity = part.fulfilled - part.quantity,
    quantity = case when part.is_open then part.open else 0 end + part.quantity, deleted_at = null,
    updated_at = $2::timestamptz
  from part where row.id = part.id and exists (select 1 from ok)
)${answer}`
