/* Statements on the items of variants. They run after the variants and the items are locked by statements of their own, so
   that their snapshot is younger than the locks. */

/**
 * Keeps others from changing the same variants until the transaction ends. Variants have no rows here, so they share 64
 * advisory locks: callers with different variants may wait for each other, and any number of variants takes few locks.
 */
export const lockVariants = `
select pg_advisory_xact_lock(hashtext('inventory.variant_inventory_item'), stripe)
from (select distinct hashtext(variant_id) & 63 as stripe from unnest($1::text[]) as variant_id order by 1) stripes`

/**
 * Writes the items of variants. `$1` holds them, each with an id for a new row; `$2` ids of variants that shall have no
 * others; `$3` is the time. What is so already is not written. Answers the variants that changed.
 */
export const writeVariantItems = `
with given as materialized (
  select * from json_to_recordset($1::json) as row (id text, variant_id text, inventory_item_id text, required_quantity int)
), held as materialized (
  select id, variant_id, inventory_item_id, required_quantity from "inventory"."variant_inventory_item"
  where variant_id = any(array(select variant_id from given union select unnest($2::text[]))) and deleted_at is null
  order by id for update
), gone as (
  update "inventory"."variant_inventory_item" row set deleted_at = $3::timestamptz from held
  where row.id = held.id and held.variant_id = any($2::text[]) and not exists (
    select 1 from given where given.variant_id = held.variant_id and given.inventory_item_id = held.inventory_item_id
  )
  returning row.variant_id
), changed as (
  update "inventory"."variant_inventory_item" row set required_quantity = given.required_quantity,
    updated_at = $3::timestamptz
  from held join given using (variant_id, inventory_item_id)
  where row.id = held.id and held.required_quantity <> given.required_quantity
  returning row.variant_id
), made as (
  insert into "inventory"."variant_inventory_item" (id, variant_id, inventory_item_id, required_quantity, created_at, updated_at)
  select id, variant_id, inventory_item_id, required_quantity, $3::timestamptz, $3::timestamptz from given
  where not exists (
    select 1 from held where held.variant_id = given.variant_id and held.inventory_item_id = given.inventory_item_id
  )
  returning variant_id
)
select variant_id from gone union select variant_id from changed union select variant_id from made order by 1`

/** Removes items from variants. `$1` holds which, `$2` is the time. Answers the variants that changed. */
export const removeVariantItems = `
with held as materialized (
  select row.id from "inventory"."variant_inventory_item" row
  join json_to_recordset($1::json) as given (variant_id text, inventory_item_id text) using (variant_id, inventory_item_id)
  where row.deleted_at is null order by row.id for update of row
)
update "inventory"."variant_inventory_item" row set deleted_at = $2::timestamptz from held
where row.id = held.id returning row.variant_id`
