import {
  InvalidInput,
  NotFound,
  parse,
  rethrowConstraint,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { Role } from "./role.entity.ts"
import { RoleInUse, RoleNameTaken } from "./role.errors.ts"
import { RoleCreated, RoleDeleted, RoleUpdated } from "./role.events.ts"
import { roleResource } from "./role.resources.ts"
import { CreateRole, CreateRoles, MAX_PERMISSIONS, Permissions, UpdateRole } from "./role.schema.ts"

const view = { "*": true } as const

/** A role with all its fields. */
export type RoleView = Selected<Role, typeof view>

/** Roles, and what each allows. Who has which is for `AccessService`. */
export class RoleService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {RoleNameTaken} {@link InvalidInput} */
  async create(input: CreateRole): Promise<RoleView> {
    const [made] = await this.createMany([parse(CreateRole, input)])
    return made as RoleView
  }

  /**
   * All of them or none, in three statements whatever their number; answered in order.
   *
   * @throws {RoleNameTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateRoles): Promise<RoleView[]> {
    const data = parse(CreateRoles, inputs)
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      // The unique index decides, not a query before the insert: two callers may race.
      const ids = await this.#db.insertRows(Role, data).catch(taken(data.map(({ name }) => name)))
      await this.#events.emitMany(
        RoleCreated,
        ids.map((id) => ({ id })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }

  /**
   * Changes hold for whoever has the role, from then on.
   *
   * @throws {NotFound} {@link RoleNameTaken} {@link InvalidInput}
   */
  async update(id: string, input: UpdateRole): Promise<RoleView> {
    const data = parse(UpdateRole, input)
    return this.#db.transaction(async (em) => {
      const changed = await em
        .nativeUpdate(Role, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
        .catch(taken(data.name === undefined ? [] : [data.name]))
      if (changed === 0) throw new NotFound("Role", id)
      await this.#events.emit(RoleUpdated, { id })
      return this.get(id)
    })
  }

  /**
   * Puts permissions into a role, whoever else does so at once; those that it has stay.
   *
   * @throws {NotFound}
   * @throws {InvalidInput} when one is none, or they would be too many.
   */
  async addPermissions(id: string, permissions: readonly string[]): Promise<RoleView> {
    return this.#changePermissions(addPermissions, id, permissions)
  }

  /**
   * Takes permissions out of a role: the twin of {@link addPermissions}. A wildcard that stays is as wide as it was.
   *
   * @throws {NotFound} {@link InvalidInput}
   */
  async removePermissions(id: string, permissions: readonly string[]): Promise<RoleView> {
    return this.#changePermissions(removePermissions, id, permissions)
  }

  /** Deletes a role that nobody has; its name is free for others. @throws {NotFound} {@link RoleInUse} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      if ((await this.#db.run(lockRole, [id])) === 0) throw new NotFound("Role", id)
      const deleted = await this.#db.run(deleteUnassigned, [id, new Date().toISOString()])
      if (deleted === 0) throw new RoleInUse(id)
      await this.#events.emit(RoleDeleted, { id })
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<RoleView> {
    return this.#query.get(roleResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<Role> } = {}): Promise<Page<RoleView>> {
    return this.#query.list(roleResource, { ...options, fields: view })
  }

  async #changePermissions(statement: string, id: string, permissions: readonly string[]): Promise<RoleView> {
    const given = parse(Permissions, permissions)
    return this.#db.transaction(async () => {
      const changed = await this.#db.run(statement, [id, given, new Date().toISOString()]).catch(tooMany)
      if (changed > 0) await this.#events.emit(RoleUpdated, { id })
      return this.get(id)
    })
  }
}

const taken = (names: string[]) => rethrowConstraint({ role_name_unique: () => new RoleNameTaken(names) })

const tooMany = rethrowConstraint({
  role_permissions_check: () =>
    new InvalidInput([{ path: [], message: `would make more than ${MAX_PERMISSIONS} permissions of the role` }]),
})

/** In the order that JavaScript sorts by. */
const addPermissions = `update "rbac"."role" set updated_at = $3::timestamptz, permissions = array(
     select permission from unnest(permissions || $2::text[]) as permission group by permission
     order by permission collate "C"
   )
   where id = $1 and deleted_at is null and not permissions @> $2::text[]`

const removePermissions = `update "rbac"."role" set updated_at = $3::timestamptz, permissions = array(
     select permission from unnest(permissions) with ordinality as kept (permission, place)
     where permission <> all($2::text[]) order by place
   )
   where id = $1 and deleted_at is null and permissions && $2::text[]`

/** Those who assign the role hold it, and are waited for. */
const lockRole = `select id from "rbac"."role" where id = $1 and deleted_at is null for no key update`

/** Its snapshot is younger than the lock on the role: no assignment is missed. */
const deleteUnassigned = `update "rbac"."role" set deleted_at = $2::timestamptz, updated_at = $2::timestamptz
   where id = $1 and not exists (select 1 from "rbac"."role_assignment" where role_id = $1)`
