import { NotFound, parse, type Database, type Query, type Selected } from "@marquetry/kernel"
import { ActorId, actorKey, ActorType } from "./actor.ts"
import type { AuthIdentity } from "./identity.entity.ts"
import { ActorExists } from "./identity.errors.ts"
import { authIdentityResource } from "./identity.resources.ts"

const view = {
  "*": true,
  providerIdentities: { id: true, provider: true, entityId: true, userMetadata: true },
} as const

/** An identity and the providers it is known to, without what they keep to recognise it. */
export type AuthIdentityView = Selected<AuthIdentity, typeof view>

/** Who is behind an identity. Actors are known by type and id only. */
export class IdentityService {
  readonly #db: Database
  readonly #query: Query

  constructor(db: Database, query: Query) {
    this.#db = db
    this.#query = query
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<AuthIdentityView> {
    return this.#query.get(authIdentityResource, id, { fields: view })
  }

  /** The identity of an actor, with how they log in. `null` when they cannot. */
  async findByActor(actorType: string, actorId: string): Promise<AuthIdentityView | null> {
    const appMetadata = { [actorKey(parse(ActorType, actorType))]: actorId }
    return this.#query.find(authIdentityResource, { fields: view, filter: { appMetadata } })
  }

  /**
   * Says who the identity is, once for each type of actor. Tokens and sessions name the actor from then on: tokens when
   * they are refreshed, sessions at once.
   *
   * @throws {ActorExists} {@link NotFound} {@link InvalidInput}
   */
  async attachActor(authIdentityId: string, actorType: string, actorId: string): Promise<void> {
    const key = actorKey(parse(ActorType, actorType))
    // The update decides, not a query before it: two callers may race.
    const attached = await this.#db.run(
      `update "auth"."auth_identity" set updated_at = clock_timestamp(),
         app_metadata = app_metadata || jsonb_build_object($2::text, $3::text)
       where id = $1 and app_metadata ->> $2::text is null`,
      [authIdentityId, key, parse(ActorId, actorId)],
    )
    if (attached > 0) return
    await this.get(authIdentityId)
    throw new ActorExists(authIdentityId, actorType)
  }

  /**
   * The identity is no actor of this type any more: sessions name nobody at once, tokens until they expire. It can log in
   * still, and become another. Nothing changes when it was none.
   *
   * @throws {NotFound} {@link InvalidInput}
   */
  async detachActor(authIdentityId: string, actorType: string): Promise<void> {
    const detached = await this.#db.run(
      `update "auth"."auth_identity" set updated_at = clock_timestamp(), app_metadata = app_metadata - $2::text
       where id = $1`,
      [authIdentityId, actorKey(parse(ActorType, actorType))],
    )
    if (detached === 0) throw new NotFound("Auth identity", authIdentityId)
  }

  /** Deletes an identity with its credentials and sessions; its e-mail address may register again. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    const deleted = await this.#db.run(`delete from "auth"."auth_identity" where id = $1`, [id])
    if (deleted === 0) throw new NotFound("Auth identity", id)
  }
}
