import { ApiKeyService } from "@marquetry/api-key"
import type { Claims } from "@marquetry/auth"
import { PermissionMissing, Unauthorized, type Guard, type RequestInfo } from "@marquetry/http"
import { AccessService, covers, DEFAULT_PERMISSIONS, isAllowed } from "@marquetry/rbac"
import { UserService } from "@marquetry/user"
import { claimsOf, credentials } from "../../auth/credentials.ts"

/** Who works for the shop: a person, or a program with a secret key. */
export interface Staff {
  readonly actorType: "user" | "api_key"
  readonly actorId: string
  /** What they may do, as `resource:action`, with `*` for any. */
  readonly permissions: readonly string[]
  /** How a person has logged in; `null` of a program. */
  readonly claims: Claims | null
}

/**
 * Lets those pass who work for the shop and may do what the route says. It looks them up with every request, in two
 * statements, three of a key that may do everything: who was deleted, or lost a role, is refused at once.
 */
export const staff: Guard<Staff> = Object.assign(
  async (request: RequestInfo): Promise<Staff> => {
    const someone = (await programOf(request)) ?? (await personOf(request))
    if (someone === null) throw new Unauthorized()
    const { permissions } = request
    if (permissions.length > 0) demandAny(someone, permissions)
    return someone
  },
  { security: [...credentials, { scheme: "basic" } as const].map((scheme) => [scheme]) },
)

/** @throws {PermissionMissing} unless they have one of these. */
export function demandAny({ permissions }: Pick<Staff, "permissions">, wanted: readonly string[]): void {
  if (!wanted.some((permission) => isAllowed(permissions, permission))) throw new PermissionMissing(wanted)
}

async function personOf(request: RequestInfo): Promise<Staff | null> {
  const claims = await claimsOf(request, ["user"])
  if (claims === null || claims.actorId === "") return null
  const { actorId } = claims
  // One after the other: a user loses all roles when they are deleted, and without any they would be allowed everything. Who
  // is still there afterwards had them.
  const permissions = await request.resolve<AccessService>(AccessService).permissionsOf("user", actorId)
  const user = await request.resolve<UserService>(UserService).find(actorId)
  return user === null ? null : { actorType: "user", actorId, permissions, claims }
}

async function programOf(request: RequestInfo): Promise<Staff | null> {
  const token = secretOf(request.header("authorization"))
  if (token === undefined) return null
  const keys = request.resolve<ApiKeyService>(ApiKeyService)
  const key = await keys.authenticateSecret(token)
  if (key === null) return null
  const permissions = await request.resolve<AccessService>(AccessService).permissionsOf("api_key", key.id)
  // As of users: one that was deleted meanwhile has no roles any more.
  if (covers(permissions, DEFAULT_PERMISSIONS) && (await keys.authenticateSecret(token)) === null) return null
  return { actorType: "api_key", actorId: key.id, permissions, claims: null }
}

/** Of `Basic`, the user name, or the bare token in its place, as some clients send it. */
function secretOf(authorization: string | undefined): string | undefined {
  const given = /^Basic +(\S+)$/i.exec(authorization ?? "")?.[1]
  if (given === undefined || given.startsWith("sk_")) return given
  return Buffer.from(given, "base64").toString().split(":", 1)[0]
}
