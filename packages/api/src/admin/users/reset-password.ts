import { AuthService, IdentityService, PasswordResetService, TooManyAttempts } from "@marquetry/auth"
import type { RequestInfo } from "@marquetry/http"
import type { Staff } from "../kit/staff.guard.ts"
import { assertCovers } from "../rbac/grants.ts"
import { PasswordUnknown } from "./users.errors.ts"

/** Seconds after which there is a token again, at the latest. */
const RETRY_AFTER = 900

/**
 * Makes a token by which a new password can be set for a user. Whoever has it can be that user: so it is for those only
 * who may do themselves whatever the user may.
 *
 * @throws {PermissionMissing} {@link PasswordUnknown}
 * @throws {TooManyAttempts} after five in a quarter of an hour, whoever has asked for them.
 */
export async function resetPassword(
  { resolve, identity }: Pick<RequestInfo, "resolve"> & { readonly identity: Staff },
  id: string,
): Promise<{ token: string }> {
  await assertCovers({ resolve, identity }, { actorType: "user", actorId: id })
  const login = await resolve<IdentityService>(IdentityService).findByActor("user", id)
  const known = resolve<AuthService>(AuthService)
    .listProviders()
    .filter(({ flow }) => flow === "credentials")
  const way = login?.providerIdentities.find(({ provider }) => known.some((one) => one.id === provider))
  if (way === undefined) throw new PasswordUnknown(id)
  const resets = resolve<PasswordResetService>(PasswordResetService)
  const reset = await resets.requestReset(way.provider, way.entityId, "user")
  if (reset === null) throw new TooManyAttempts(RETRY_AFTER)
  return { token: reset.token }
}
