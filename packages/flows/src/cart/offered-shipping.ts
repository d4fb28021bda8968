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

const price = {
  id: true,
  amount: true,
  currencyCode: true,
  minQuantity: true,
  maxQuantity: true,
  priceSetId: true,
  createdAt: true,
  updatedAt: true,
} as const

/** A row of `price`: decimals are texts. */
type Price = {
  readonly [Name in "id" | "amount" | "currencyCode" | "priceSetId" | "createdAt" | "updatedAt"]: string
} & {
  readonly minQuantity: string | null
  readonly maxQuantity: string | null
}

/** What shipping options cost the cart that the context of the read tells of, as `offered`: a map of them by id. */
export const offeredShipping: readonly ComputedField[] = [
  field("amount", ({ amount }) => (amount === null ? null : Number(amount))),
  field("is_tax_inclusive", ({ isTaxInclusive }) => isTaxInclusive),
  field("insufficient_inventory", ({ insufficientInventory }) => insufficientInventory),
  field("calculated_price", ({ amount, isTaxInclusive }) => {
    if (amount === null) return null
    return { calculated_amount: Number(amount), is_calculated_price_tax_inclusive: isTaxInclusive }
  }),
  computedField(shippingOptionResource, {
    name: "prices",
    needs: { priceSet: { prices: price } },
    resolve: async (rows, { wire }) =>
      rows.map((row) => {
        const { prices } = (row["priceSet"] ?? { prices: [] }) as { prices: readonly Price[] }
        return wire ? prices.map(onWire) : prices
      }),
  }),
]

function onWire({ id, amount, currencyCode, minQuantity, maxQuantity, priceSetId, createdAt, updatedAt }: Price) {
  return {
    id,
    amount: Number(amount),
    currency_code: currencyCode,
    min_quantity: minQuantity === null ? null : Number(minQuantity),
    max_quantity: maxQuantity === null ? null : Number(maxQuantity),
    price_set_id: priceSetId,
    created_at: createdAt,
    updated_at: updatedAt,
  }
}
