/** What a cart must know of whoever it is for. */
export interface Buyer {
  readonly id: string
  readonly email: string | null
  readonly hasAccount: boolean
  /** In order of id. */
  readonly groupIds: string[]
}

/** Ids of the groups of the customer `c`, deleted groups left out. */
const groupIds = `array(
       select g.id from "customer"."customer_to_group" m join "customer"."customer_group" g on g.id = m.group_id
       where m.customer_id = c.id and g.deleted_at is null order by g.id
     )`

const columns = `c.id, c.email, c.has_account as "hasAccount", ${groupIds} as "groupIds"`

/** The buyer of id `$1`. */
export const findBuyer = `select ${columns} from "customer"."customer" c where c.id = $1 and c.deleted_at is null`

/**
 * The guest with e-mail `$2`, made with id `$1` if there is none. Of those who come at once one inserts; the others wait
 * for it in the unique index and get the same row: `do nothing` would answer them none.
 */
export const findOrMakeGuest = `with found as (
     select id, email, has_account from "customer"."customer"
     where email = $2 and not has_account and deleted_at is null
   ), made as (
     insert into "customer"."customer" (id, email, has_account, created_at, updated_at)
     select $1, $2, false, clock_timestamp(), clock_timestamp() where not exists (select from found)
     on conflict (email, has_account) where deleted_at is null do update set email = excluded.email
     returning id, email, has_account
   )
   select ${columns} from (select * from found union all select * from made) c`

/** Ids of the groups that the customer `$1` is in. */
export const findGroupIds = `select g.id from "customer"."customer_to_group" m
   join "customer"."customer_group" g on g.id = m.group_id
   where m.customer_id = $1 and g.deleted_at is null order by g.id`
