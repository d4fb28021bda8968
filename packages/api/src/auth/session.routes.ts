import { AuthService, Claims, SessionService } from "@marquetry/auth"
import { codecOf, routes, Unauthorized, type Guard, type HandlerContext, type Route } from "@marquetry/http"
import { Database } from "@marquetry/kernel"
import { z } from "zod"
import { claimsOf, credentials, SESSION_COOKIE } from "./credentials.ts"

/** Who somebody is, as clients are told. */
const SessionUser = Claims.omit({ credentialsVersion: true })

/** Browsers keep no cookie longer. The session itself ends in the database, some time after its last use. */
const COOKIE_LIFETIME = 400 * 86_400

export interface SessionOptions {
  /** Who can log in. */
  readonly actorTypes: readonly string[]
  /** Whether the cookie is sent over HTTPS only; unless said, where it came by HTTPS. */
  readonly secureCookies?: boolean | undefined
}

type Handling = HandlerContext<Claims, undefined, undefined, undefined>

/** Sessions, for browsers; and new tokens for old ones. Who has just registered may too. */
export function sessionRoutes({ actorTypes, secureCookies }: SessionOptions): Route[] {
  const loggedIn: Guard<Claims> = Object.assign(
    async (request: Parameters<Guard>[0]) => {
      const claims = await claimsOf(request, actorTypes)
      if (claims === null) throw new Unauthorized()
      return claims
    },
    { security: credentials.map((scheme) => [scheme]) },
  )
  return routes("/auth", { guard: loggedIn }, ({ post, delete: remove }) => {
    const user = z.object({ user: SessionUser })
    post("/session", { summary: "Begins a session", response: user }, async (context) => {
      const { id, claims } = await beginSession(context)
      const secure = secureCookies === undefined ? {} : { secure: secureCookies }
      context.setCookie(SESSION_COOKIE, id, { maxAge: COOKIE_LIFETIME, ...secure })
      return { user: codecOf(SessionUser).encode(SessionUser.parse(claims)) }
    })

    const success = z.object({ success: z.boolean() })
    remove("/session", { summary: "Ends the session", response: success }, async (context) => {
      const session = context.cookie(SESSION_COOKIE)
      if (session !== undefined) await context.resolve<SessionService>(SessionService).delete(session)
      context.clearCookie(SESSION_COOKIE)
      return { success: true }
    })

    const refresh = { summary: "Gives a new token", response: z.object({ token: z.string() }) }
    post("/token/refresh", refresh, async ({ resolve, identity }) => {
      const { token } = await resolve<AuthService>(AuthService).refresh(identity)
      return { token }
    })
  })
}

/** The new session takes the place of the one that the browser had. */
function beginSession({ resolve, cookie, identity }: Handling): Promise<{ id: string; claims: Claims }> {
  const sessions = resolve<SessionService>(SessionService)
  return resolve<Database>(Database).transaction(async () => {
    const before = cookie(SESSION_COOKIE)
    if (before !== undefined) await sessions.delete(before)
    const id = await sessions.create(identity)
    // As of now: the token may be from before somebody became an actor.
    return { id, claims: (await sessions.find(id)) ?? identity }
  })
}
