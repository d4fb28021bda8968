import type { Selected } from "@marquetry/kernel"
import type { ApiKey } from "./api-key.entity.ts"

export const view = { "*": true } as const

/** What reads of the resource show: everything but what is private in it. */
export type ReadableApiKey = Omit<ApiKey, "tokenHash">

/** A key. `token` is that of a publishable key; of a secret one it is `null`, and `redacted` tells it from others. */
export type ApiKeyView = Selected<ReadableApiKey, typeof view>
