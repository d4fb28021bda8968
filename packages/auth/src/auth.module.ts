import {
  Database,
  defineModule,
  Events,
  parse,
  Query,
  start,
  type ModuleDefinition,
  type Started,
  type StartOptions,
} from "@marquetry/kernel"
import { z } from "zod"
import { AuthIdentity, ProviderIdentity } from "./identity/identity.entity.ts"
import { authIdentityResource, providerIdentityResource } from "./identity/identity.resources.ts"
import { IdentityService } from "./identity/identity.service.ts"
import { AuthAttempt } from "./login/attempt.entity.ts"
import { AuthService } from "./login/auth.service.ts"
import { CreateAuthTables } from "./migrations/20261122203801_create-auth-identities.ts"
import type { AuthProvider } from "./provider/auth-provider.ts"
import { AuthProviders } from "./provider/auth-providers.ts"
import { emailPass } from "./provider/email-pass.ts"
import { PasswordResetService } from "./reset/password-reset.service.ts"
import { AuthResetToken } from "./reset/reset.entity.ts"
import { AuthSession } from "./session/session.entity.ts"
import { SessionService } from "./session/session.service.ts"
import { TokenService } from "./token/token.service.ts"

const seconds = z.int().min(60).max(31_536_000)

const Options = z.strictObject({
  /** Signs tokens; the same in all processes. Who knows it is anybody they like. */
  jwtSecret: z.string({ error: "a secret for signing tokens" }).min(32, "the secret has 32 characters at least"),
  /** Seconds that a token is good for; a day unless said. */
  tokenLifetime: seconds.default(86_400),
  /** Seconds that a session lasts after its last use; a week unless said. */
  sessionLifetime: seconds.default(604_800),
  /** Failed logins for one e-mail address after which it is refused; 20 unless said. */
  maxFailedLogins: z.int().min(1).max(1_000).default(20),
  /** Seconds in which they are counted, from the first one on; 15 minutes unless said. */
  failureWindow: seconds.default(900),
  /** How people can log in; by e-mail address and password unless said. */
  providers: z.array(z.custom<AuthProvider>()).default(() => [emailPass()]),
})

/** How a shop configures authentication. */
export type AuthOptions = z.input<typeof Options>

/** Authentication, as a shop wants it. @throws {InvalidInput} when the secret is too short. {@link TypeError} */
export function authModule(options: AuthOptions): ModuleDefinition {
  const { jwtSecret, tokenLifetime, sessionLifetime, maxFailedLogins, failureWindow, ...rest } = parse(Options, options)
  const providers = new AuthProviders(rest.providers)
  const tokens = new TokenService(jwtSecret, tokenLifetime)
  const limit = { limit: maxFailedLogins, window: failureWindow }
  return defineModule({
    name: "auth",
    entities: [AuthIdentity, ProviderIdentity, AuthAttempt, AuthSession, AuthResetToken],
    migrations: [CreateAuthTables],
    resources: [authIdentityResource, providerIdentityResource],
    register(container) {
      container.registerInstance(TokenService, tokens)
      container.register(AuthService, {
        useFactory: (c) =>
          new AuthService(c.resolve(Database), c.resolve(Events), providers, c.resolve(TokenService), limit),
      })
      container.register(IdentityService, {
        useFactory: (c) => new IdentityService(c.resolve(Database), c.resolve(Query)),
      })
      container.register(PasswordResetService, {
        useFactory: (c) => new PasswordResetService(c.resolve(Database), c.resolve(Events), providers),
      })
      container.register(SessionService, {
        useFactory: (c) => new SessionService(c.resolve(Database), sessionLifetime),
      })
    },
  })
}

/** What {@link startAuth} gives. */
export interface Auth {
  readonly auth: AuthService
  readonly identities: IdentityService
  readonly resets: PasswordResetService
  readonly sessions: SessionService
  readonly tokens: TokenService
}

/** Runs authentication alone, on your database or an embedded one. */
export async function startAuth(options: AuthOptions & StartOptions): Promise<Started<Auth>> {
  const { jwtSecret, tokenLifetime, sessionLifetime, maxFailedLogins, failureWindow, providers, ...rest } = options
  const own = { jwtSecret, tokenLifetime, sessionLifetime, maxFailedLogins, failureWindow, providers }
  return start(authModule(own), rest, (container) => ({
    auth: container.resolve(AuthService),
    identities: container.resolve(IdentityService),
    resets: container.resolve(PasswordResetService),
    sessions: container.resolve(SessionService),
    tokens: container.resolve(TokenService),
  }))
}
