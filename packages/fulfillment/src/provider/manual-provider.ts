import type { FulfillmentProvider } from "./fulfillment-provider.ts"
import { PriceNotCalculable } from "./provider.errors.ts"

const id = "manual_manual"

/** The provider for goods that people send, or hand over, themselves. Takes everything and knows nothing of prices. */
export const manualFulfillmentProvider: FulfillmentProvider = Object.freeze({
  id,
  asksOutside: false,
  services: () => [{ id: "manual-fulfillment" }, { id: "manual-fulfillment-return", is_return: true }],
  validateOption: () => true,
  validateData: (_, data) => data,
  canCalculate: () => false,
  calculatePrice: () => {
    throw new PriceNotCalculable(id)
  },
  createFulfillment: () => ({}),
  cancelFulfillment: () => {},
} satisfies FulfillmentProvider)
