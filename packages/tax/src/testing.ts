import type { CreateTaxRate } from "./tax-rate/tax-rate.schema.ts"
import type { CreateTaxRegion } from "./tax-region/tax-region.schema.ts"

/** Germany, with its 19 % on everything. */
export const aTaxRegion = (overrides: Partial<CreateTaxRegion> = {}): CreateTaxRegion => ({
  countryCode: "de",
  defaultTaxRate: { name: "VAT", code: "VAT", rate: 19 },
  ...overrides,
})

/** 7 %, for nothing yet. */
export const aTaxRate = (taxRegionId: string, overrides: Partial<CreateTaxRate> = {}): CreateTaxRate => ({
  taxRegionId,
  name: "Reduced",
  code: "REDUCED",
  rate: 7,
  ...overrides,
})
