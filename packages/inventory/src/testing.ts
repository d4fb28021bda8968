import type { CreateInventoryItem } from "./item/item.schema.ts"

let made = 0

/** An item with a SKU that no other has, and no stock. */
export const anInventoryItem = (overrides: Partial<CreateInventoryItem> = {}): CreateInventoryItem => ({
  sku: `SKU-${++made}`,
  title: "Board",
  ...overrides,
})
