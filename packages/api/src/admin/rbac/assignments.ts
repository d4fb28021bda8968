import { PermissionMissing, type RequestInfo } from "@marquetry/http"
import { NotFound, Query } from "@marquetry/kernel"
import { AccessService, covers, DEFAULT_PERMISSIONS, type Actor } from "@marquetry/rbac"
import { userResource } from "@marquetry/user"
import type { Staff } from "../kit/staff.guard.ts"
import { assertGivable } from "./grants.ts"

interface Giving extends Pick<RequestInfo, "resolve"> {
  readonly identity: Staff
}

/**
 * Gives roles to somebody, beside those that they have.
 *
 * @throws {PermissionMissing} when a role allows what the giver may not do; or when they have none yet, and so may do
 *   everything, which the giver may not take from them. {@link NotFound}
 */
export async function assignRoles(giving: Giving, to: Actor, roleIds: readonly string[]): Promise<void> {
  await assertGivable(giving, roleIds)
  const access = giving.resolve<AccessService>(AccessService)
  if ((await access.rolesOf(to.actorType, to.actorId)).length === 0) assertMayLimit(giving)
  await access.assign(to, roleIds)
}

/**
 * Takes roles from somebody: whoever could give them can.
 *
 * @throws {NotFound} when there is no such role, or they do not have it.
 * @throws {PermissionMissing} {@link LastRole}
 */
export async function unassignRoles(giving: Giving, from: Actor, roleIds: readonly string[]): Promise<void> {
  await assertGivable(giving, roleIds)
  const access = giving.resolve<AccessService>(AccessService)
  const had = await access.rolesOf(from.actorType, from.actorId)
  const missing = roleIds.find((id) => !had.some((role) => role.id === id))
  if (missing !== undefined) throw new NotFound("Role", missing)
  await access.remove(from, roleIds)
}

/** {@link assignRoles} from the other side. @throws as that does. */
export async function assignUsers(giving: Giving, roleId: string, userIds: readonly string[]): Promise<void> {
  await assertGivable(giving, [roleId])
  const { rows } = await giving.resolve<Query>(Query).listAny(userResource.name, {
    fields: { id: true },
    filter: { id: userIds, role_assignments: null },
    limit: 1,
    count: false,
  })
  if (rows.length > 0) assertMayLimit(giving)
  await giving.resolve<AccessService>(AccessService).assignMany(roleId, "user", userIds)
}

/** {@link unassignRoles} from the other side; who does not have the role is passed over. @throws as that does. */
export async function unassignUsers(giving: Giving, roleId: string, userIds: readonly string[]): Promise<void> {
  await assertGivable(giving, [roleId])
  await giving.resolve<AccessService>(AccessService).removeMany(roleId, "user", userIds)
}

function assertMayLimit({ identity }: Giving): void {
  if (!covers(identity.permissions, DEFAULT_PERMISSIONS)) throw new PermissionMissing(DEFAULT_PERMISSIONS)
}
