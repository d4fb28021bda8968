import type { CreateStore } from "./store/store.schema.ts"

/** A store that sells in euros. */
export const aStore = (overrides: Partial<CreateStore> = {}): CreateStore => ({
  name: "Veneer & Sons",
  supportedCurrencies: [{ currencyCode: "eur", isDefault: true }],
  ...overrides,
})
