import { SessionService, TokenService, type Claims } from "@marquetry/auth"
import type { RequestInfo, SecurityScheme } from "@marquetry/http"

/** As clients of the contract know it. */
export const SESSION_COOKIE = "connect.sid"

/** What shows who somebody is, for the documentation: either of them. */
export const credentials: readonly SecurityScheme[] = [{ scheme: "bearer" }, { scheme: "cookie", name: SESSION_COOKIE }]

/** The token of an `Authorization: Bearer` header. */
export function bearerOf({ header }: Pick<RequestInfo, "header">): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header("authorization") ?? "")?.[1]
}

/**
 * Who asks: by a token, which costs no statement, else by a session, which costs one. A token that is not valid, or is
 * somebody else's than is accepted, is as none.
 *
 * @param actorTypes those who are accepted.
 * @returns `null` when nobody has shown who they are; their `actorId` is empty while they are nobody here yet.
 */
export async function claimsOf(
  request: Pick<RequestInfo, "header" | "cookie" | "resolve">,
  actorTypes: readonly string[],
): Promise<Claims | null> {
  const token = bearerOf(request)
  if (token !== undefined) {
    const claims = await request.resolve<TokenService>(TokenService).verify(token)
    if (claims !== null && actorTypes.includes(claims.actorType)) return claims
  }
  const session = request.cookie(SESSION_COOKIE)
  if (session === undefined) return null
  const claims = await request.resolve<SessionService>(SessionService).find(session)
  return claims !== null && actorTypes.includes(claims.actorType) ? claims : null
}
