import { AuthService, SessionService } from "@marquetry/auth"
import { definePlugin, type Plugin } from "@marquetry/framework"
import { authErrorAnswers } from "../error-answers.ts"
import { sendResetToken } from "./password-reset.ts"
import { providerRoutes } from "./provider.routes.ts"
import { sessionRoutes } from "./session.routes.ts"

export interface AuthApiOptions {
  /** Who can log in: `customer` and `user` unless said. */
  readonly actorTypes?: readonly string[]
  /** Whether session cookies are sent over HTTPS only; unless said, where they came by HTTPS. In production: yes. */
  readonly secureCookies?: boolean
}

/**
 * Registering, logging in by token or session, and new passwords, for customers and users. Needs the modules `auth` and
 * `notification`, which the token of a new password goes out by, as the template `auth.password-reset`.
 */
export function authApi({ actorTypes = ["customer", "user"], secureCookies }: AuthApiOptions = {}): Plugin {
  return definePlugin({
    name: "@marquetry/api/auth",
    routes: [...providerRoutes(actorTypes), ...sessionRoutes({ actorTypes, secureCookies })],
    errorAnswers: authErrorAnswers,
    subscribers: [sendResetToken],
    jobs: [
      {
        name: "auth.delete-expired",
        schedule: { everySeconds: 3_600 },
        run: async (container) => void (await container.resolve(AuthService).deleteExpired()),
      },
      {
        name: "auth.delete-expired-sessions",
        schedule: { everySeconds: 3_600 },
        run: async (container) => void (await container.resolve(SessionService).deleteExpired()),
      },
    ],
  })
}
