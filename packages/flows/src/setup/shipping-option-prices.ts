import { shippingOptionResource } from "@marquetry/fulfillment"
import { computedField, type ComputedField } from "@marquetry/kernel"

const times = { createdAt: true, updatedAt: true, deletedAt: true } as const
const price = {
  id: true,
  title: true,
  amount: true,
  currencyCode: true,
  minQuantity: true,
  maxQuantity: true,
  rulesCount: true,
  priceSetId: true,
  priceListId: true,
  ...times,
  priceRules: { id: true, attribute: true, operator: true, value: true, priority: true, priceId: true, ...times },
} as const

type Times = { readonly [Name in keyof typeof times]: string | null }

interface PriceRule extends Times {
  readonly id: string
  readonly attribute: string
  readonly operator: string
  readonly value: unknown
  readonly priority: number
  readonly priceId: string
}

/** A row of `price`: decimals are texts. */
interface Price extends Times {
  readonly id: string
  readonly title: string | null
  readonly amount: string
  readonly currencyCode: string
  readonly minQuantity: string | null
  readonly maxQuantity: string | null
  readonly rulesCount: number
  readonly priceSetId: string
  readonly priceListId: string | null
  readonly priceRules: readonly PriceRule[]
}

/** All prices of a shipping option, whichever of them is the one for a cart. */
export const shippingOptionPrices: ComputedField = computedField(shippingOptionResource, {
  name: "prices",
  needs: { priceSet: { prices: price } },
  resolve: async (rows, { wire }) =>
    rows.map((row) => {
      const { prices } = (row["priceSet"] ?? { prices: [] }) as { prices: readonly Price[] }
      return wire ? prices.map(onWire) : prices
    }),
})

const number = (decimal: string | null) => (decimal === null ? null : Number(decimal))

const timesOnWire = ({ createdAt, updatedAt, deletedAt }: Times) => ({
  created_at: createdAt,
  updated_at: updatedAt,
  deleted_at: deletedAt,
})

const onWire = (row: Price) => ({
  id: row.id,
  title: row.title,
  amount: Number(row.amount),
  currency_code: row.currencyCode,
  min_quantity: number(row.minQuantity),
  max_quantity: number(row.maxQuantity),
  rules_count: row.rulesCount,
  price_set_id: row.priceSetId,
  price_list_id: row.priceListId,
  ...timesOnWire(row),
  price_rules: row.priceRules.map(ruleOnWire),
})

const ruleOnWire = ({ id, attribute, operator, value, priority, priceId, ...rest }: PriceRule) => ({
  id,
  attribute,
  operator,
  value,
  priority,
  price_id: priceId,
  ...timesOnWire(rest),
})
