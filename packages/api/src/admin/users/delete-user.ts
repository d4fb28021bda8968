import { IdentityService, SessionService } from "@marquetry/auth"
import type { RequestInfo } from "@marquetry/http"
import { AccessService } from "@marquetry/rbac"
import { UserService } from "@marquetry/user"
import type { Staff } from "../kit/staff.guard.ts"
import { assertCovers } from "../rbac/grants.ts"
import { OwnAccount } from "./users.errors.ts"

/**
 * Deletes a user with all that lets them in: sessions end, roles go, and the identity that they log in with is nobody's,
 * so that they can be invited anew. Tokens that they hold open nothing from then on.
 *
 * @throws {OwnAccount} {@link NotFound}
 * @throws {PermissionMissing} when they may do what whoever asks may not.
 */
export async function deleteUser(
  { resolve, identity }: Pick<RequestInfo, "resolve"> & { readonly identity: Staff },
  id: string,
): Promise<void> {
  if (identity.actorId === id) throw new OwnAccount()
  await assertCovers({ resolve, identity }, { actorType: "user", actorId: id })
  const identities = resolve<IdentityService>(IdentityService)
  const login = await identities.findByActor("user", id)
  await resolve<UserService>(UserService).delete(id)
  await resolve<AccessService>(AccessService).forget("user", id)
  if (login === null) return
  await identities.detachActor(login.id, "user")
  await resolve<SessionService>(SessionService).deleteAllOf(login.id)
}
