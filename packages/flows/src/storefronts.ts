import { ApiKeyService, apiKeyResource, usablePublishableKey } from "@marquetry/api-key"
import type { Query } from "@marquetry/kernel"

/** What a storefront may sell. */
export interface Storefront {
  readonly apiKeyId: string
  /** Sales channels of its key that are not disabled. */
  readonly salesChannelIds: readonly string[]
}

/** Tells which storefront a publishable key belongs to. */
export class Storefronts {
  readonly #query: Query
  readonly #apiKeys: ApiKeyService

  constructor(query: Query, apiKeys: ApiKeyService) {
    this.#query = query
    this.#apiKeys = apiKeys
  }

  /** The storefront of a token, or `null` when it is unknown, revoked or not publishable. One statement. */
  async find(token: string): Promise<Storefront | null> {
    const filter = usablePublishableKey(token)
    if (filter === null) return null
    const key = await this.#query.find(apiKeyResource, {
      fields: { id: true, lastUsedAt: true, salesChannels: { id: true, isDisabled: true } },
      filter,
    })
    if (key === null) return null
    await this.#apiKeys.noteUse(key.id, key.lastUsedAt)
    const salesChannelIds = key.salesChannels.filter(({ isDisabled }) => !isDisabled).map(({ id }) => id)
    return { apiKeyId: key.id, salesChannelIds }
  }
}
