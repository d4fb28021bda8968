import type { CreateSalesChannel } from "./sales-channel/sales-channel.schema.ts"

/** A channel that is open. */
export const aSalesChannel = (overrides: Partial<CreateSalesChannel> = {}): CreateSalesChannel => ({
  name: "Web shop",
  ...overrides,
})
