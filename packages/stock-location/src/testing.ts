import type { CreateStockLocation, StockLocationAddressInput } from "./stock-location/stock-location.schema.ts"

/** A warehouse without an address. */
export const aStockLocation = (overrides: Partial<CreateStockLocation> = {}): CreateStockLocation => ({
  name: "Warehouse",
  ...overrides,
})

/** An address in Copenhagen. */
export const anAddress = (overrides: Partial<StockLocationAddressInput> = {}): StockLocationAddressInput => ({
  address1: "Havnegade 1",
  city: "Copenhagen",
  countryCode: "dk",
  ...overrides,
})
