import { computedField, type ComputedField } from "@marquetry/kernel"
import { shippingOptionResource } from "@marquetry/fulfillment"
import type { PricedOption } from "./cart-shipping.ts"

const offered = (context: Readonly<Record<string, unknown>>) =>
  (context["offered"] ?? new Map()) as ReadonlyMap<string, PricedOption>

const field = (name: string, valueOf: (option: PricedOption) => unknown): ComputedField =>
  computedField(shippingOptionResource, {
    name,
    key: "id",
    resolve: async (ids, { context }) =>
      ids.map((id) => {
        const option = offered(context).get(id)
        return option === undefined ? null : valueOf(option)
      }),
  })

/** What shipping options cost the cart that the context of the read tells of, as `offered`: a map of them by id. */
export const offeredShipping: readonly ComputedField[] = [
  field("amount", ({ amount }) => (amount === null ? null : Number(amount))),
  field("is_tax_inclusive", ({ isTaxInclusive }) => isTaxInclusive),
  field("insufficient_inventory", ({ insufficientInventory }) => insufficientInventory),
  field("calculated_price", ({ amount, isTaxInclusive }) => {
    if (amount === null) return null
    return { calculated_amount: Number(amount), is_calculated_price_tax_inclusive: isTaxInclusive }
  }),
]
