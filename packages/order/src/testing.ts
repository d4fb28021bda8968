import type { CreateOrder, NewOrderLineItem } from "./order/order.schema.ts"

/** One piece of something that costs ten. */
export const anOrderLine = (overrides: Partial<NewOrderLineItem> = {}): NewOrderLineItem => ({
  title: "Shirt",
  unitPrice: 10,
  quantity: 1,
  ...overrides,
})

/** An order of one line in euros. */
export const anOrder = (overrides: Partial<CreateOrder> = {}): CreateOrder => ({
  currencyCode: "eur",
  email: "ada@example.com",
  items: [anOrderLine()],
  ...overrides,
})
