import type { CreateRegion } from "./region/region.schema.ts"

/** A region that sells in euros, to nobody yet. */
export const aRegion = (overrides: Partial<CreateRegion> = {}): CreateRegion => ({
  name: "Europe",
  currencyCode: "eur",
  ...overrides,
})
