import { parse, type Database, type Events } from "@marquetry/kernel"
import { actorKey, ActorType } from "../identity/actor.ts"
import { PasswordChanged, PasswordResetRequested } from "../identity/identity.events.ts"
import { attemptId, countAttempt } from "../login/attempts.ts"
import type { Credentials } from "../provider/auth-provider.ts"
import type { AuthProviders } from "../provider/auth-providers.ts"
import { hashOf, isSecret, newSecret } from "../token/secret.ts"
import { ResetTokenInvalid } from "./reset.errors.ts"

/** Seconds that a token can be used. */
const TOKEN_LIFETIME = 900
/** Tokens for one identifier in {@link WINDOW} seconds: nobody's mailbox is flooded. */
const MAX_REQUESTS = 5
const WINDOW = 900

/** A token, and to whom it may be sent: the address as it was registered, not as it was typed. */
export interface PasswordReset {
  readonly token: string
  readonly entityId: string
}

const request = `with ${countAttempt}, identity as (
     select p.id, p.entity_id, p.auth_identity_id
     from "auth"."provider_identity" p join "auth"."auth_identity" i on i.id = p.auth_identity_id
     where p.provider = $4 and p.entity_id = $5 and exists (select from counted)
       and (i.app_metadata ->> $6::text is not null or i.app_metadata = '{}')
     for key share of p
   ), made as (
     insert into "auth"."auth_reset_token" (id, provider_identity_id, expires_at)
     select $7, id, clock_timestamp() + $8::int * interval '1 second' from identity
   )
   select auth_identity_id as id, entity_id as "entityId" from identity`

const findToken = `select p.provider, p.provider_metadata as "providerMetadata", p.user_metadata as "userMetadata"
   from "auth"."auth_reset_token" t join "auth"."provider_identity" p on p.id = t.provider_identity_id
   where t.id = $1 and t.expires_at > clock_timestamp()`

/** The row of the identity first, as everybody who changes it: those who come with the same token follow each other. */
const holdIdentity = `update "auth"."auth_identity" i
   set credentials_version = i.credentials_version + 1, updated_at = clock_timestamp()
   from "auth"."auth_reset_token" t join "auth"."provider_identity" p on p.id = t.provider_identity_id
   where t.id = $1 and i.id = p.auth_identity_id returning i.id`

/** The deletion decides: a token is used once. */
const useToken = `with used as (
     delete from "auth"."auth_reset_token" where id = $1 and expires_at > clock_timestamp() returning provider_identity_id
   )
   update "auth"."provider_identity" p set provider_metadata = $2::jsonb, updated_at = clock_timestamp()
   from used where p.id = used.provider_identity_id returning p.id, p.entity_id as "entityId"`

/** What the old password had opened, or would still open. */
const endOld = `with sessions as (
     delete from "auth"."auth_session" where auth_identity_id = $1
   ), tokens as (
     delete from "auth"."auth_reset_token" where provider_identity_id = $2
   )
   delete from "auth"."auth_attempt" where id = $3`

/** New passwords for people who have forgotten theirs, by a token that reaches them elsewhere. */
export class PasswordResetService {
  readonly #db: Database
  readonly #events: Events
  readonly #providers: AuthProviders

  constructor(db: Database, events: Events, providers: AuthProviders) {
    this.#db = db
    this.#events = events
    this.#providers = providers
  }

  /**
   * A token to send to whom it concerns. It can be used once, for 15 minutes. The caller must not learn whether there is one:
   * answer the same either way, and before the token is sent.
   *
   * @returns `null` when nobody is known who is an actor of this type, or none yet; or after 5 requests in 15 minutes.
   * @throws {UnknownProvider} {@link InvalidInput}
   */
  async requestReset(provider: string, identifier: string, actorType: string): Promise<PasswordReset | null> {
    const type = parse(ActorType, actorType)
    const entityId = this.#providers.get(provider).entityIdOf(identifier)
    const token = newSecret()
    const values = [attemptId("reset", provider, entityId), MAX_REQUESTS, WINDOW, provider, entityId]
    return this.#db.transaction(async () => {
      const [found] = await this.#db.sql<{ id: string; entityId: string }>(request, [
        ...values,
        actorKey(type),
        hashOf(token),
        TOKEN_LIFETIME,
      ])
      if (found === undefined) return null
      await this.#events.emit(PasswordResetRequested, { id: found.id, provider, actorType: type })
      return { token, entityId: found.entityId }
    })
  }

  /**
   * Replaces the credentials that a token was made for, and uses it up. All sessions of the identity end, its other tokens for
   * resetting are void, and tokens of before cannot be refreshed; those live on until they expire.
   *
   * @param input what the provider's `update` takes: `{ password }`. One that it refuses leaves the token as it is.
   * @throws {ResetTokenInvalid} {@link InvalidInput}
   */
  async resetPassword(token: string, input: unknown): Promise<void> {
    if (!isSecret(token)) throw new ResetTokenInvalid()
    const key = hashOf(token)
    const [kept] = await this.#db.sql<Credentials & { provider: string }>(findToken, [key])
    if (kept === undefined) throw new ResetTokenInvalid()
    // Hashing takes long: no row is held meanwhile.
    const providerMetadata = await this.#providers.get(kept.provider).update(input, kept)
    await this.#db.transaction(async () => {
      const [identity] = await this.#db.sql<{ id: string }>(holdIdentity, [key])
      const [used] = await this.#db.sql<{ id: string; entityId: string }>(useToken, [
        key,
        JSON.stringify(providerMetadata),
      ])
      if (identity === undefined || used === undefined) throw new ResetTokenInvalid()
      await this.#db.run(endOld, [identity.id, used.id, attemptId("login", kept.provider, used.entityId)])
      await this.#events.emit(PasswordChanged, { id: identity.id, provider: kept.provider })
    })
  }
}
