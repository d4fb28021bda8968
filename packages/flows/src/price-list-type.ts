import { computedField } from "@marquetry/kernel"
import { priceResource } from "@marquetry/pricing"

/** What kind of price list a price is of: `sale` or `override`; `null` where it is of none. */
export const priceListType = computedField(priceResource, {
  name: "price_list_type",
  needs: { priceList: { type: true } },
  resolve: async (rows) => rows.map(({ priceList }) => (priceList as { type: string } | null)?.type ?? null),
})
