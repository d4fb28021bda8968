import type { CreateApiKey } from "./api-key/api-key.schema.ts"

/** A key for a storefront. */
export const anApiKey = (overrides: Partial<CreateApiKey> = {}): CreateApiKey => ({
  title: "Storefront",
  type: "publishable",
  ...overrides,
})
