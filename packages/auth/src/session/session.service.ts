import type { Database } from "@marquetry/kernel"
import { claimsOf, type Claims, type KnownIdentity } from "../token/claims.ts"
import { hashOf, isSecret, newSecret } from "../token/secret.ts"
import { ClaimsOutdated } from "../token/token.errors.ts"

/** A session is extended that often at most, so that requests do not write. */
const EXTENSION_STEP = 3_600

/**
 * Who changes credentials holds the row of the identity: a session is there before, and ends with the others, or it is
 * measured against the new version.
 */
const create = `with identity as (
     select id from "auth"."auth_identity" where id = $2 and credentials_version = $3::int for share
   )
   insert into "auth"."auth_session"
     (id, auth_identity_id, actor_type, auth_provider, user_metadata, created_at, expires_at)
   select $1, id, $4, $5, $6::jsonb, clock_timestamp(), clock_timestamp() + $7::int * interval '1 second' from identity`

/** Extends when a step of the lifetime `$2` has passed; whoever comes first does it, the others do not wait. */
const find = `with found as materialized (
     select s.id, s.actor_type, s.auth_provider, s.user_metadata, s.expires_at,
       i.id as auth_identity_id, i.app_metadata, i.credentials_version
     from "auth"."auth_session" s join "auth"."auth_identity" i on i.id = s.auth_identity_id
     where s.id = $1 and s.expires_at > clock_timestamp()
   ), aged as (
     select s.id from found join "auth"."auth_session" s on s.id = found.id
     where found.expires_at <= clock_timestamp() + ($2::int - $3::int) * interval '1 second' for update of s skip locked
   ), extended as (
     update "auth"."auth_session" s set expires_at = clock_timestamp() + $2::int * interval '1 second'
     from aged where s.id = aged.id
   )
   select actor_type as "actorType", auth_provider as "authProvider", user_metadata as "userMetadata",
     auth_identity_id as "authIdentityId", app_metadata as "appMetadata", credentials_version as "credentialsVersion"
   from found`

/** Who is logged in by cookie. Sessions are in the database: any process knows them, and can end them. */
export class SessionService {
  readonly #db: Database
  readonly #lifetime: number
  readonly #step: number

  /** @param lifetime seconds that a session lasts after its last use, give or take the step of extension. */
  constructor(db: Database, lifetime: number) {
    this.#db = db
    this.#lifetime = lifetime
    this.#step = Math.min(EXTENSION_STEP, Math.floor(lifetime / 2))
  }

  /**
   * Begins a session for who has shown a token.
   *
   * @returns what the client holds: 43 characters, kept only as a hash.
   * @throws {ClaimsOutdated} when the credentials changed since.
   */
  async create(claims: Claims): Promise<string> {
    const { authIdentityId, credentialsVersion, actorType, authProvider, userMetadata } = claims
    const id = newSecret()
    const created = await this.#db.run(create, [
      hashOf(id),
      authIdentityId,
      credentialsVersion,
      actorType,
      authProvider,
      JSON.stringify(userMetadata),
      this.#lifetime,
    ])
    if (created === 0) throw new ClaimsOutdated()
    return id
  }

  /**
   * Who is logged in, as of now: an actor that was attached or detached since is seen. `null` when the session has ended or
   * never was. One statement, and none for what cannot be a session.
   */
  async find(id: string): Promise<Claims | null> {
    if (!isSecret(id)) return null
    const [found] = await this.#db.sql<KnownIdentity & { actorType: string; authProvider: string }>(find, [
      hashOf(id),
      this.#lifetime,
      this.#step,
    ])
    return found === undefined ? null : claimsOf(found, found.actorType, found.authProvider)
  }

  /** Ends a session, if there is one. */
  async delete(id: string): Promise<void> {
    await this.#db.run(`delete from "auth"."auth_session" where id = $1`, [hashOf(id)])
  }

  /** Ends all sessions of an identity, whatever type of actor. @returns how many. */
  async deleteAllOf(authIdentityId: string): Promise<number> {
    return this.#db.run(`delete from "auth"."auth_session" where auth_identity_id = $1`, [authIdentityId])
  }

  /** Deletes what has expired and is not found any more, for a job. @returns how many. */
  async deleteExpired(): Promise<number> {
    return this.#db.run(`delete from "auth"."auth_session" where expires_at <= clock_timestamp()`)
  }
}
