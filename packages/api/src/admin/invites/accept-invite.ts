import { ActorExists, AuthService, IdentityService, type Claims } from "@marquetry/auth"
import type { RequestInfo } from "@marquetry/http"
import { AccessService } from "@marquetry/rbac"
import { InviteService, type AcceptedInvite, type AcceptInvite } from "@marquetry/user"

/**
 * Makes a user of somebody who has registered and was invited, with the roles of the invite: of any number of requests at
 * once one makes it. For use in a transaction.
 *
 * @throws {ActorExists} they are a user already. {@link InviteInvalid} {@link EmailTaken} {@link InvalidInput}
 * @throws {ClaimsOutdated} their password was changed since.
 * @throws {NotFound} a role of the invite was deleted: without it they would be allowed everything.
 */
export async function acceptInvite(
  { resolve }: Pick<RequestInfo, "resolve">,
  claims: Claims,
  token: string,
  input: AcceptInvite,
): Promise<AcceptedInvite> {
  // What the token says may be outdated: they may have become a user since.
  const { claims: now } = await resolve<AuthService>(AuthService).refresh(claims)
  const { authIdentityId, actorType, actorId } = now
  if (actorId !== "") throw new ActorExists(authIdentityId, actorType)
  const accepted = await resolve<InviteService>(InviteService).accept(token, input)
  const { user, roles } = accepted
  await resolve<IdentityService>(IdentityService).attachActor(authIdentityId, actorType, user.id)
  if (roles.length > 0) {
    await resolve<AccessService>(AccessService).assign({ actorType: "user", actorId: user.id }, roles)
  }
  return accepted
}
