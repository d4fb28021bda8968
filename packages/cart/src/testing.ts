import type { CreateCart, NewCartLineItem } from "./cart/cart.schema.ts"

/** An empty cart in euros. */
export const aCart = (overrides: Partial<CreateCart> = {}): CreateCart => ({ currencyCode: "eur", ...overrides })

/** One piece of something that costs ten. */
export const aLineItem = (overrides: Partial<NewCartLineItem> = {}): NewCartLineItem => ({
  title: "Shirt",
  unitPrice: 10,
  quantity: 1,
  ...overrides,
})
