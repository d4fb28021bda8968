import { allDone, newId, NotFound, type Database } from "@marquetry/kernel"
import { LastRole } from "./assignment.errors.ts"
import type { Actors } from "./assignment.schema.ts"

/** Who got a role, or lost it. */
export interface AssignmentChange {
  /** The role's. */
  readonly id: string
  readonly actorType: string
  readonly actorIds: string[]
}

/**
 * Roles that are not deleted, held until the end: a deletion that runs beside waits, or they are not found. All who change
 * assignments take roles first, in order of id, then actors.
 */
const lockRoles = `select id from "rbac"."role" where id = any($1::text[]) and deleted_at is null order by id for share`

/**
 * Keeps others from changing what the same actors have until the transaction ends. Actors have no rows here, so they share
 * 64 advisory locks: any number of actors takes few locks.
 */
const lockActors = `select pg_advisory_xact_lock(hashtext('rbac.role_assignment'), stripe)
   from (
     select distinct hashtext($1 || ':' || actor_id) & 63 as stripe from unnest($2::text[]) as actor_id order by 1
   ) stripes`

/* What follows has a snapshot that is younger than those locks. */

/** The change of each role, from rows `changed`. */
const changes = `(select coalesce(json_agg(change), '[]'::json) from (
     select role_id as id, actor_type as "actorType", array_agg(actor_id order by actor_id) as "actorIds"
     from changed group by role_id, actor_type order by role_id
   ) change) as changes`

const insertAssignments = `with changed as (
     insert into "rbac"."role_assignment" (id, role_id, actor_type, actor_id, created_at)
     select id, role_id, $2, actor_id, clock_timestamp()
     from json_to_recordset($1::json) as row (id text, role_id text, actor_id text)
     on conflict do nothing returning role_id, actor_type, actor_id
   ) select ${changes}`

/** Of actors `$2`, `$3` the roles `$1`, or all but these where `$4` is false; unless it would leave one of them without. */
const deleteAssignments = `with gone as materialized (
     select id, actor_id from "rbac"."role_assignment"
     where actor_type = $2 and actor_id = any($3::text[]) and (role_id = any($1::text[])) = $4::boolean
   ), bare as materialized (
     select distinct actor_id from gone where not exists (
       select 1 from "rbac"."role_assignment" kept
       where kept.actor_type = $2 and kept.actor_id = gone.actor_id and (kept.role_id = any($1::text[])) <> $4::boolean
     )
   ), changed as (
     delete from "rbac"."role_assignment" row using gone where row.id = gone.id and not exists (select from bare)
     returning row.role_id, row.actor_type, row.actor_id
   ) select array(select actor_id from bare order by 1) as bare, ${changes}`

const deleteActor = `with changed as (
     delete from "rbac"."role_assignment" where actor_type = $1 and actor_id = $2 returning role_id, actor_type, actor_id
   ) select ${changes}`

/** Holds roles and actors until the transaction ends. @throws {NotFound} when there is not one of the roles. */
export async function holdRolesAndActors(
  db: Database,
  roleIds: readonly string[],
  { actorType, actorIds }: Actors,
): Promise<void> {
  const [roles] = await allDone([
    db.sql<{ id: string }>(lockRoles, [roleIds]),
    db.sql(lockActors, [actorType, actorIds]),
  ])
  const found = new Set(roles.map(({ id }) => id))
  const missing = roleIds.find((id) => !found.has(id))
  if (missing !== undefined) throw new NotFound("Role", missing)
}

/** Gives every role to every actor, in one statement. Both are held. @returns who did not have it before. */
export async function addAssignments(
  db: Database,
  roleIds: readonly string[],
  { actorType, actorIds }: Actors,
): Promise<AssignmentChange[]> {
  const rows = roleIds.flatMap((role) =>
    actorIds.map((actor) => ({ id: newId("rolasgn"), role_id: role, actor_id: actor })),
  )
  return changesOf(await db.sql<Outcome>(insertAssignments, [JSON.stringify(rows), actorType]))
}

/**
 * Takes from actors the roles named, or all but those: the twin of {@link addAssignments}.
 *
 * @throws {LastRole} when it would leave one of them without a role: nobody loses any.
 */
export async function removeAssignments(
  db: Database,
  which: "these" | "others",
  roleIds: readonly string[],
  { actorType, actorIds }: Actors,
): Promise<AssignmentChange[]> {
  const values = [roleIds, actorType, actorIds, which === "these"]
  const [{ bare, changes }] = (await db.sql(deleteAssignments, values)) as [Outcome & { bare: string[] }]
  if (bare.length > 0) throw new LastRole(actorType, bare)
  return changes
}

/** Takes all roles from an actor who is gone. */
export async function forgetActor(db: Database, actorType: string, actorId: string): Promise<AssignmentChange[]> {
  return changesOf(await db.sql<Outcome>(deleteActor, [actorType, actorId]))
}

interface Outcome {
  readonly changes: AssignmentChange[]
}

const changesOf = ([outcome]: readonly Outcome[]): AssignmentChange[] => outcome?.changes ?? []
