import { usablePublishableKey, type ApiKeyService } from "@marquetry/api-key"
import type { AnyFilter, NamedRead } from "@marquetry/kernel"

/** What a storefront may sell. */
export interface Storefront {
  readonly apiKeyId: string
  /** Sales channels of its key that are not disabled. */
  readonly salesChannelIds: readonly string[]
}

/** The key that a storefront names, before it is known to be valid. */
export interface StorefrontKey {
  /** Finds the key while it is valid; also as a condition on `apiKeys` of a sales channel. */
  readonly filter: AnyFilter
  /** Reads the key: made beside whatever the request reads, it costs no round trip of its own. */
  readonly read: NamedRead
}

interface KeyRow {
  readonly id: string
  readonly lastUsedAt: string | null
  readonly salesChannels: readonly { readonly id: string; readonly isDisabled: boolean }[]
}

const fields = { id: true, lastUsedAt: true, salesChannels: { id: true, isDisabled: true } } as const

/** Tells which storefront a publishable key belongs to. */
export class Storefronts {
  readonly #apiKeys: ApiKeyService

  constructor(apiKeys: ApiKeyService) {
    this.#apiKeys = apiKeys
  }

  /** @returns `null` for what cannot be the token of a publishable key. Nothing is sent. */
  keyOf(token: string): StorefrontKey | null {
    const filter = usablePublishableKey(token)
    if (filter === null) return null
    return { filter, read: { resource: "api_key", read: { fields, filter, limit: 1 } } }
  }

  /**
   * The storefront that reading its key has found, or `null` when the key is unknown, revoked or not publishable.
   *
   * @param rows what {@link StorefrontKey.read} answered.
   */
  async settle(rows: readonly Record<string, unknown>[]): Promise<Storefront | null> {
    const key = rows[0] as unknown as KeyRow | undefined
    if (key === undefined) return null
    await this.#apiKeys.noteUse(key.id, key.lastUsedAt)
    const salesChannelIds = key.salesChannels.filter(({ isDisabled }) => !isDisabled).map(({ id }) => id)
    return { apiKeyId: key.id, salesChannelIds }
  }
}
