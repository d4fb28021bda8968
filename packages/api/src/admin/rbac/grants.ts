import { PermissionMissing, type RequestInfo } from "@marquetry/http"
import { NotFound } from "@marquetry/kernel"
import { AccessService, covers, DEFAULT_PERMISSIONS, RoleService, type Actor } from "@marquetry/rbac"
import { z } from "zod"
import type { Staff } from "../kit/staff.guard.ts"

/** Roles that are given to somebody. */
export const RoleIds = z.array(z.string().max(200)).min(1).max(100)

interface Giving {
  readonly resolve: RequestInfo["resolve"]
  readonly identity: Staff
}

/**
 * Gives roles to somebody who was just made. Unless any are named they have those of whoever made them: who is made by
 * somebody with few permissions must not come to have all, as those have who have no roles.
 *
 * @throws {PermissionMissing} when a role allows what the giver may not do. {@link NotFound}
 */
export async function giveRoles(giving: Giving, to: Actor, roleIds?: readonly string[]): Promise<void> {
  const given = roleIds ?? (await ownRoleIds(giving))
  if (given.length === 0) return
  if (roleIds !== undefined) await assertGivable(giving, roleIds)
  await giving.resolve<AccessService>(AccessService).assign(to, given)
}

/**
 * The roles of whoever asks; none of those who may do everything.
 *
 * @throws {PermissionMissing} when they have none any more, since they were deleted meanwhile.
 */
export async function ownRoleIds({ resolve, identity }: Giving): Promise<string[]> {
  const { actorType, actorId, permissions } = identity
  const roles = await resolve<AccessService>(AccessService).rolesOf(actorType, actorId)
  if (roles.length === 0 && !covers(permissions, DEFAULT_PERMISSIONS)) throw new PermissionMissing(DEFAULT_PERMISSIONS)
  return roles.map(({ id }) => id)
}

/** Nobody gives what they do not have. @throws {PermissionMissing} {@link NotFound} */
export async function assertGivable({ resolve, identity }: Giving, roleIds: readonly string[]): Promise<void> {
  if (roleIds.length === 0) return
  const { rows } = await resolve<RoleService>(RoleService).list({
    filter: { id: [...roleIds] },
    limit: roleIds.length,
    count: false,
  })
  const missing = roleIds.find((id) => !rows.some((role) => role.id === id))
  if (missing !== undefined) throw new NotFound("Role", missing)
  const beyond = rows.flatMap(({ permissions }) => permissions).find((one) => !covers(identity.permissions, [one]))
  if (beyond !== undefined) throw new PermissionMissing([beyond])
}

/**
 * Who holds a token that makes a user with these roles can be that user; one without any may do everything.
 *
 * @throws {PermissionMissing} {@link NotFound}
 */
export async function assertMayAccept(giving: Giving, roleIds: readonly string[]): Promise<void> {
  if (roleIds.length > 0) await assertGivable(giving, roleIds)
  else if (!covers(giving.identity.permissions, DEFAULT_PERMISSIONS)) throw new PermissionMissing(DEFAULT_PERMISSIONS)
}

/**
 * Nobody takes over, or removes, who may do more than they do.
 *
 * @throws {PermissionMissing} when the actor may do what whoever asks may not.
 */
export async function assertCovers({ resolve, identity }: Giving, { actorType, actorId }: Actor): Promise<void> {
  const theirs = await resolve<AccessService>(AccessService).permissionsOf(actorType, actorId)
  const beyond = theirs.find((permission) => !covers(identity.permissions, [permission]))
  if (beyond !== undefined) throw new PermissionMissing([beyond])
}
