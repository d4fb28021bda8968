import {
  NotFound,
  parse,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
} from "@marquetry/kernel"
import { ApiKey } from "./api-key.entity.ts"
import { ApiKeyNotPublishable, ApiKeyNotRevoked } from "./api-key.errors.ts"
import { ApiKeyCreated, ApiKeyDeleted, ApiKeyRevoked, ApiKeyUpdated } from "./api-key.events.ts"
import { apiKeyResource } from "./api-key.resources.ts"
import { CreateApiKey, RevokeApiKey, UpdateApiKey } from "./api-key.schema.ts"
import { view, type ApiKeyView, type ReadableApiKey } from "./api-key.view.ts"
import { findByHash, findByToken, isValid, noteUse } from "./authentication.ts"
import { hashOf, newToken, redact, typeOfToken } from "./token.ts"

/** A key that was just made: the only time that the token of a secret one is seen. */
export type CreatedApiKey = ApiKeyView & { readonly token: string }

/** The keys of programs. What one may reach is said elsewhere, by links and guards. */
export class ApiKeyService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** Makes a key and answers its token; a secret one is kept only as a hash, so show it now. @throws {InvalidInput} */
  async create(input: CreateApiKey): Promise<CreatedApiKey> {
    const data = parse(CreateApiKey, input)
    const token = newToken(data.type)
    const kept = data.type === "secret" ? { tokenHash: hashOf(token) } : { token }
    return this.#db.transaction(async () => {
      const [id] = (await this.#db.insertRows(ApiKey, [{ ...data, ...kept, redacted: redact(token) }])) as [string]
      await this.#events.emit(ApiKeyCreated, { id, type: data.type })
      return { ...(await this.get(id)), token }
    })
  }

  /** @throws {NotFound} {@link InvalidInput} */
  async update(id: string, input: UpdateApiKey): Promise<ApiKeyView> {
    const data = parse(UpdateApiKey, input)
    return this.#db.transaction(async (em) => {
      const changed = await em.nativeUpdate(ApiKey, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
      if (changed === 0) throw new NotFound("Api key", id)
      await this.#events.emit(ApiKeyUpdated, { id })
      return this.get(id)
    })
  }

  /**
   * Ends a key, now or in `revokeIn` seconds. While the end lies ahead it can be moved; once it is there for good, and
   * a key that is revoked stays as it is.
   *
   * @throws {NotFound} {@link InvalidInput}
   */
  async revoke(id: string, input: RevokeApiKey = {}): Promise<ApiKeyView> {
    const { revokeIn, revokedBy } = parse(RevokeApiKey, input)
    return this.#db.transaction(async () => {
      // Cut to what the column holds, which would round up: the key would be good for half a millisecond more.
      const revoked = await this.#db.run(
        `update "api_key"."api_key" set updated_at = clock_timestamp(), revoked_by = $3,
           revoked_at = date_trunc('milliseconds', clock_timestamp()) + $2::int * interval '1 second'
         where id = $1 and ${isValid}`,
        [id, revokeIn, revokedBy],
      )
      const key = await this.get(id)
      if (revoked > 0) await this.#events.emit(ApiKeyRevoked, { id, revokedAt: key.revokedAt as string })
      return key
    })
  }

  /** @throws {ApiKeyNotRevoked} while the key is accepted. {@link NotFound} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      const deleted = await this.#db.run(
        `update "api_key"."api_key" set deleted_at = clock_timestamp(), updated_at = clock_timestamp()
         where id = $1 and deleted_at is null and revoked_at <= clock_timestamp()`,
        [id],
      )
      if (deleted === 0) {
        await this.get(id)
        throw new ApiKeyNotRevoked(id)
      }
      await this.#events.emit(ApiKeyDeleted, { id })
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<ApiKeyView> {
    return this.#query.get(apiKeyResource, id, { fields: view })
  }

  /** @throws {ApiKeyNotPublishable} {@link NotFound} */
  async assertPublishable(id: string): Promise<void> {
    const { type } = await this.get(id)
    if (type !== "publishable") throw new ApiKeyNotPublishable(id)
  }

  async list(options: ListOptions & { filter?: Filter<ReadableApiKey> } = {}): Promise<Page<ApiKeyView>> {
    const read: ListOptions & { filter?: Filter<ApiKey> } = options
    return this.#query.list(apiKeyResource, { ...read, fields: view })
  }

  /**
   * The key whose token that is, of either type, or `null` when it is unknown, revoked or deleted. One statement, and none
   * for what cannot be a token. `lastUsedAt` is as it was before.
   */
  async authenticate(token: string): Promise<ApiKeyView | null> {
    return (await this.authenticatePublishable(token)) ?? this.authenticateSecret(token)
  }

  /** Like {@link authenticate}, and `null` for the token of a secret key. For every request of a storefront. */
  async authenticatePublishable(token: string): Promise<ApiKeyView | null> {
    if (typeOfToken(token) !== "publishable") return null
    const [key] = await this.#db.sql<ApiKeyView>(findByToken, [token])
    return key ?? null
  }

  /** Like {@link authenticate}, and `null` for the token of a publishable key. */
  async authenticateSecret(token: string): Promise<ApiKeyView | null> {
    if (typeOfToken(token) !== "secret") return null
    const [key] = await this.#db.sql<ApiKeyView>(findByHash, [hashOf(token)])
    return key ?? null
  }

  /**
   * Notes that a key was used, for whoever found it by {@link usablePublishableKey}. Nothing is sent while the last
   * note is younger than a minute.
   *
   * @param lastUsedAt as it was found.
   */
  async noteUse(id: string, lastUsedAt: string | null): Promise<void> {
    if (lastUsedAt !== null && Date.now() - Date.parse(lastUsedAt) < 60_000) return
    await this.#db.run(noteUse, [id])
  }
}

/**
 * The filter that finds a publishable key while it is valid, for reading it together with what a composition links to
 * it: one statement where {@link ApiKeyService.authenticatePublishable} and the links would take two. Goes by the clock
 * of this process.
 *
 * @returns `null` for what cannot be such a token: no statement is needed to refuse it.
 */
export function usablePublishableKey(token: string): Filter<ReadableApiKey> | null {
  if (typeOfToken(token) !== "publishable") return null
  return { token, $or: [{ revokedAt: null }, { revokedAt: { $gt: new Date() } }] }
}
