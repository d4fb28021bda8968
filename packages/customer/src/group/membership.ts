import { assertFound, type Database } from "@marquetry/kernel"
import { customerGroupResource, customerResource } from "../customer/customer.resources.ts"

/** Who came into a group, or left it. */
export interface MembershipChange {
  readonly id: string
  readonly customerIds: string[]
}

interface Outcome {
  readonly groups: string[]
  readonly customers: string[]
  readonly changes: MembershipChange[]
}

/**
 * Groups `$1` and customers `$2` that are not deleted, held until the end: a deletion that runs beside waits, or they are
 * not found. All take groups first, then customers, each in order of id.
 */
const held = `groups as materialized (
     select id from "customer"."customer_group" where id = any($1::text[]) and deleted_at is null order by id for share
   ), customers as materialized (
     select id from "customer"."customer" where id = any($2::text[]) and deleted_at is null order by id for share
   )`

const outcome = `select array(select id from groups) as groups, array(select id from customers) as customers,
     (select coalesce(json_agg(change), '[]'::json) from (
       select group_id as id, array_agg(customer_id order by customer_id) as "customerIds"
       from changed group by group_id order by group_id
     ) change) as changes`

const insertMembers = `with ${held}, changed as (
     insert into "customer"."customer_to_group" (group_id, customer_id)
     select g.id, c.id from groups g, customers c order by g.id, c.id
     on conflict do nothing returning group_id, customer_id
   ) ${outcome}`

const deleteMembers = `with ${held}, members as materialized (
     select group_id, customer_id from "customer"."customer_to_group"
     where group_id in (select id from groups) and customer_id in (select id from customers)
     order by group_id, customer_id for update
   ), changed as (
     delete from "customer"."customer_to_group" m using members
     where m.group_id = members.group_id and m.customer_id = members.customer_id
     returning m.group_id, m.customer_id
   ) ${outcome}`

/**
 * Puts every customer into every group, in one statement.
 *
 * @returns who was not there before.
 * @throws {NotFound} when there is not one of them: nobody comes into any.
 */
export function addMembers(db: Database, groupIds: string[], customerIds: string[]): Promise<MembershipChange[]> {
  return change(db, insertMembers, groupIds, customerIds)
}

/** Takes every customer out of every group: the twin of {@link addMembers}. @throws {NotFound} */
export function removeMembers(db: Database, groupIds: string[], customerIds: string[]): Promise<MembershipChange[]> {
  return change(db, deleteMembers, groupIds, customerIds)
}

async function change(
  db: Database,
  statement: string,
  groupIds: string[],
  customerIds: string[],
): Promise<MembershipChange[]> {
  const [{ groups, customers, changes }] = (await db.sql<Outcome>(statement, [groupIds, customerIds])) as [Outcome]
  assertFound(customerGroupResource, groupIds, groups)
  assertFound(customerResource, customerIds, customers)
  return changes
}
