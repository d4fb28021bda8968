import { parse, rethrowConstraint, type Database, type Events } from "@marquetry/kernel"
import { ActorType } from "../identity/actor.ts"
import { AuthIdentity, ProviderIdentity } from "../identity/identity.entity.ts"
import { IdentityExists } from "../identity/identity.errors.ts"
import { IdentityRegistered } from "../identity/identity.events.ts"
import type { Credentials } from "../provider/auth-provider.ts"
import type { AuthProviders } from "../provider/auth-providers.ts"
import { claimsOf, type Claims, type Grant, type KnownIdentity } from "../token/claims.ts"
import { ClaimsOutdated } from "../token/token.errors.ts"
import type { TokenService } from "../token/token.service.ts"
import { attemptId, countAttempt, retryAfter, type AttemptLimit } from "./attempts.ts"
import { CredentialsInvalid, TooManyAttempts } from "./login.errors.ts"

/** How a client may log in. */
export interface ProviderInfo {
  readonly id: string
  readonly identifier: string
  readonly displayName: string
  readonly flow: string
}

/** What was found of whoever logs in; all `null` but the first two when nobody is known. */
type Attempt = { readonly admitted: boolean; readonly retryAfter: number } & (
  | (KnownIdentity & { readonly id: string; readonly providerMetadata: Credentials["providerMetadata"] })
  | { readonly id: null }
)

/** Counts the attempt and finds the identity, in one statement, whether there is one or not. */
const beginLogin = `with ${countAttempt}
   select exists (select from counted) as admitted, ${retryAfter} as "retryAfter", p.id,
     p.provider_metadata as "providerMetadata", p.user_metadata as "userMetadata", i.id as "authIdentityId",
     i.app_metadata as "appMetadata", i.credentials_version as "credentialsVersion"
   from (select $4::text as provider, $5::text as entity_id) asked
   left join "auth"."provider_identity" p on p.provider = asked.provider and p.entity_id = asked.entity_id
   left join "auth"."auth_identity" i on i.id = p.auth_identity_id`

/** Registers people and logs them in. */
export class AuthService {
  readonly #db: Database
  readonly #events: Events
  readonly #providers: AuthProviders
  readonly #tokens: TokenService
  readonly #limit: AttemptLimit

  constructor(db: Database, events: Events, providers: AuthProviders, tokens: TokenService, limit: AttemptLimit) {
    this.#db = db
    this.#events = events
    this.#providers = providers
    this.#tokens = tokens
    this.#limit = limit
  }

  /**
   * Makes an identity that is no actor yet: see `IdentityService.attachActor`. Who has one already, be it as another
   * type of actor, logs in instead: only the password shows that the address is theirs.
   *
   * @throws {IdentityExists} {@link UnknownProvider} {@link InvalidInput}
   */
  async register(actorType: string, provider: string, input: unknown): Promise<Grant> {
    const type = parse(ActorType, actorType)
    const { entityId, providerMetadata, userMetadata } = await this.#providers.get(provider).register(input)
    const authIdentityId = await this.#db.transaction(async () => {
      const [id] = (await this.#db.insertRows(AuthIdentity, [{}])) as [string]
      // The unique index decides, not a query before the insert: two callers may race.
      await this.#db
        .insertRows(ProviderIdentity, [{ provider, entityId, providerMetadata, userMetadata, authIdentity: id }])
        .catch(rethrowConstraint({ provider_identity_entity_unique: () => new IdentityExists(provider) }))
      await this.#events.emit(IdentityRegistered, { id, provider, actorType: type })
      return id
    })
    const identity = { authIdentityId, appMetadata: {}, userMetadata: { ...userMetadata }, credentialsVersion: 0 }
    return this.#grant(claimsOf(identity, type, provider))
  }

  /**
   * Two statements, whoever asks. Not for use inside a transaction: what rolls it back would undo the count of failures.
   *
   * @returns a token that names the actor, or nobody when there is none of this type yet.
   * @throws {CredentialsInvalid} {@link TooManyAttempts} {@link UnknownProvider} {@link InvalidInput}
   */
  async login(actorType: string, provider: string, input: unknown): Promise<Grant> {
    if (this.#db.inTransaction) throw new Error("A login inside a transaction would not count failures")
    const type = parse(ActorType, actorType)
    const chosen = this.#providers.get(provider)
    const entityId = chosen.entityIdOf(chosen.identifierOf(input))
    const key = attemptId("login", provider, entityId)
    const { limit, window } = this.#limit
    const [attempt] = (await this.#db.sql<Attempt>(beginLogin, [key, limit, window, provider, entityId])) as [Attempt]
    if (!attempt.admitted) throw new TooManyAttempts(attempt.retryAfter)
    const verdict = await chosen.authenticate(input, attempt.id === null ? null : attempt)
    if (attempt.id === null || !verdict.isVerified) throw new CredentialsInvalid()
    await this.#db.run(`delete from "auth"."auth_attempt" where id = $1`, [key])
    if (verdict.providerMetadata !== undefined) await this.#renew(attempt.id, attempt, verdict.providerMetadata)
    return this.#grant(claimsOf(attempt, type, provider))
  }

  /**
   * A new token for who has one, or a session, that names the actor as of now.
   *
   * @throws {ClaimsOutdated} when the credentials changed since, so that a stolen token is not renewed for ever.
   */
  async refresh(claims: Claims): Promise<Grant> {
    const [identity] = await this.#db.sql<Pick<KnownIdentity, "appMetadata" | "credentialsVersion">>(
      `select app_metadata as "appMetadata", credentials_version as "credentialsVersion"
       from "auth"."auth_identity" where id = $1`,
      [claims.authIdentityId],
    )
    if (identity?.credentialsVersion !== claims.credentialsVersion) throw new ClaimsOutdated()
    return this.#grant(claimsOf({ ...claims, ...identity }, claims.actorType, claims.authProvider))
  }

  /** The providers that a shop has chosen. */
  listProviders(): ProviderInfo[] {
    return this.#providers
      .list()
      .map(({ name, displayName, flow }) => ({ id: name, identifier: name, displayName, flow }))
  }

  /** Deletes counts of attempts and reset tokens that have expired, for a job. @returns how many. */
  async deleteExpired(): Promise<number> {
    const [{ count }] = (await this.#db.sql<{ count: number }>(
      `with attempts as (
         delete from "auth"."auth_attempt" where window_ends_at <= clock_timestamp() returning 1
       ), tokens as (
         delete from "auth"."auth_reset_token" where expires_at <= clock_timestamp() returning 1
       )
       select ((select count(*) from attempts) + (select count(*) from tokens))::int as count`,
    )) as [{ count: number }]
    return count
  }

  /** Unless the credentials were replaced meanwhile. */
  async #renew(id: string, kept: Credentials, providerMetadata: Credentials["providerMetadata"]): Promise<void> {
    await this.#db.run(
      `update "auth"."provider_identity" set provider_metadata = $3::jsonb, updated_at = clock_timestamp()
       where id = $1 and provider_metadata = $2::jsonb`,
      [id, JSON.stringify(kept.providerMetadata), JSON.stringify(providerMetadata)],
    )
  }

  async #grant(claims: Claims): Promise<Grant> {
    return { token: await this.#tokens.issue(claims), claims }
  }
}
