import {
  MAX_LIMIT,
  parse,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { DEFAULT_PERMISSIONS } from "../role/permissions.ts"
import { roleResource } from "../role/role.resources.ts"
import type { RoleView } from "../role/role.service.ts"
import {
  addAssignments,
  forgetActor,
  holdRolesAndActors,
  removeAssignments,
  type AssignmentChange,
} from "./assignment-rows.ts"
import type { RoleAssignment } from "./assignment.entity.ts"
import { RoleAssigned, RoleUnassigned } from "./assignment.events.ts"
import { roleAssignmentResource } from "./assignment.resources.ts"
import { Actor, Actors, RoleIds } from "./assignment.schema.ts"

const view = { "*": true } as const

/** That an actor has a role. */
export type RoleAssignmentView = Selected<RoleAssignment, typeof view>

/**
 * Who has which roles, and so may do what.
 *
 * An actor without a role may do everything: nothing changes for who uses no roles. The first role that somebody gets
 * takes from them all that it does not allow; to take their last one would give them everything, and is refused.
 */
export class AccessService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** What an actor may do: what any of their roles allows, or everything without a role. In order; one statement. */
  async permissionsOf(actorType: string, actorId: string): Promise<readonly string[]> {
    const [row] = await this.#db.sql<{ permissions: string[] | null }>(findPermissions, [actorType, actorId])
    return row?.permissions ?? DEFAULT_PERMISSIONS
  }

  /** The roles of an actor, in order of id; one statement. */
  async rolesOf(actorType: string, actorId: string): Promise<RoleView[]> {
    const filter = { assignments: { actorType, actorId } }
    const { rows } = await this.#query.list(roleResource, { filter, fields: view, limit: MAX_LIMIT, count: false })
    return rows
  }

  /** Who has a role, in the order in which they got it; nobody for a role that there is not. */
  async listActors(
    roleId: string,
    options: ListOptions & { filter?: Filter<RoleAssignment> } = {},
  ): Promise<Page<RoleAssignmentView>> {
    const filter: Filter<RoleAssignment> = { $and: [{ roleId }, options.filter ?? {}] }
    return this.#query.list(roleAssignmentResource, { ...options, filter, fields: view })
  }

  /** Gives roles to an actor, beside those that they have. @throws {NotFound} {@link InvalidInput} */
  async assign(actor: Actor, roleIds: readonly string[]): Promise<void> {
    await this.#assign(parse(RoleIds, roleIds), one(actor))
  }

  /**
   * Gives a role to any number of actors of one type, all or none, in as many statements as to one.
   *
   * @throws {NotFound} {@link InvalidInput}
   */
  async assignMany(roleId: string, actorType: string, actorIds: readonly string[]): Promise<void> {
    await this.#assign(parse(RoleIds, [roleId]), parse(Actors, { actorType, actorIds }))
  }

  /**
   * Takes roles from an actor; those that they do not have are passed over.
   *
   * @throws {LastRole} when they would have none any more: they lose none of them.
   * @throws {NotFound} {@link InvalidInput}
   */
  async remove(actor: Actor, roleIds: readonly string[]): Promise<void> {
    await this.#remove(parse(RoleIds, roleIds), one(actor))
  }

  /**
   * Takes a role from any number of actors of one type, all or none, in as many statements as from one.
   *
   * @throws {LastRole} with those who have no other.
   * @throws {NotFound} {@link InvalidInput}
   */
  async removeMany(roleId: string, actorType: string, actorIds: readonly string[]): Promise<void> {
    await this.#remove(parse(RoleIds, [roleId]), parse(Actors, { actorType, actorIds }))
  }

  /**
   * Gives an actor these roles, and takes all others.
   *
   * @throws {LastRole} when there are none of these, and they have some.
   * @throws {NotFound} {@link InvalidInput}
   */
  async replace(actor: Actor, roleIds: readonly string[]): Promise<void> {
    const [roles, actors] = [parse(RoleIds, roleIds), one(actor)]
    await this.#db.transaction(async () => {
      await holdRolesAndActors(this.#db, roles, actors)
      await this.#tell(RoleAssigned, await addAssignments(this.#db, roles, actors))
      await this.#tell(RoleUnassigned, await removeAssignments(this.#db, "others", roles, actors))
    })
  }

  /**
   * Takes all roles from an actor who is gone: for when a user or a key is deleted. Of somebody who is not it would make
   * one who may do everything.
   *
   * @throws {InvalidInput}
   */
  async forget(actorType: string, actorId: string): Promise<void> {
    const actors = one({ actorType, actorId })
    await this.#db.transaction(async () => {
      await holdRolesAndActors(this.#db, [], actors)
      await this.#tell(RoleUnassigned, await forgetActor(this.#db, actorType, actorId))
    })
  }

  async #assign(roleIds: readonly string[], actors: Actors): Promise<void> {
    await this.#db.transaction(async () => {
      await holdRolesAndActors(this.#db, roleIds, actors)
      await this.#tell(RoleAssigned, await addAssignments(this.#db, roleIds, actors))
    })
  }

  async #remove(roleIds: readonly string[], actors: Actors): Promise<void> {
    await this.#db.transaction(async () => {
      await holdRolesAndActors(this.#db, roleIds, actors)
      await this.#tell(RoleUnassigned, await removeAssignments(this.#db, "these", roleIds, actors))
    })
  }

  #tell(event: typeof RoleAssigned, changes: readonly AssignmentChange[]): Promise<void> {
    return this.#events.emitMany(event, changes)
  }
}

const one = (actor: Actor): Actors => {
  const { actorType, actorId } = parse(Actor, actor)
  return { actorType, actorIds: [actorId] }
}

/** What the roles of an actor allow, each once; `null` without a role, which is not the same as to be allowed nothing. */
const findPermissions = `with roles as materialized (
     select role.permissions from "rbac"."role_assignment" had join "rbac"."role" role on role.id = had.role_id
     where had.actor_id = $2 and had.actor_type = $1
   )
   select case when exists (select from roles) then array(
     select permission from roles, unnest(roles.permissions) as permission group by permission
     order by permission collate "C"
   ) end as permissions`
