import type { CreatePriceList } from "./price-list/price-list.schema.ts"
import type { CreatePriceSet } from "./price-set/price-set.schema.ts"
import type { CreateListPrice, CreatePrice } from "./price/price.schema.ts"

/** Ten euros, for everybody and any quantity. */
export const aPrice = (overrides: Partial<CreatePrice> = {}): CreatePrice => ({
  currencyCode: "eur",
  amount: "10",
  ...overrides,
})

/** A set with those prices; with {@link aPrice} when none are given. */
export const aPriceSet = (...prices: readonly CreatePrice[]): CreatePriceSet => ({
  prices: prices.length > 0 ? [...prices] : [aPrice()],
})

/** A sale that is on, for everybody, without prices. */
export const aPriceList = (overrides: Partial<CreatePriceList> = {}): CreatePriceList => ({
  title: "Summer sale",
  status: "active",
  ...overrides,
})

/** Eight euros in a list, for the set with that id. */
export const aListPrice = (priceSetId: string, overrides: Partial<CreateListPrice> = {}): CreateListPrice => ({
  ...aPrice({ amount: "8" }),
  priceSetId,
  ...overrides,
})
