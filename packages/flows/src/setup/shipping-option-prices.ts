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

/**
 * All prices of a shipping option, whichever of them is the one for a cart. On the wire, where the context of the read tells
 * what a cart is offered, without their rules: these are the shop's business.
 */
export const shippingOptionPrices: ComputedField = computedField(shippingOptionResource, {
  name: "prices",
  needs: { priceSet: { prices: price } },
  resolve: async (rows, { wire, context }) => {
    const present = context["offered"] === undefined ? onWire : offeredOnWire
    return rows.map((row) => {
      const { prices } = (row["priceSet"] ?? { prices: [] }) as { prices: readonly Price[] }
      return wire ? prices.map(present) : prices
    })
  },
})

const number = (decimal: string | null) => (decimal === null ? null : Number(decimal))

const offeredOnWire = (row: Price) => ({
  id: row.id,
  amount: Number(row.amount),
  currency_code: row.currencyCode,
  min_quantity: number(row.minQuantity),
  max_quantity: number(row.maxQuantity),
  price_set_id: row.priceSetId,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
})

const onWire = (row: Price) => ({
  ...offeredOnWire(row),
  title: row.title,
  rules_count: row.rulesCount,
  price_list_id: row.priceListId,
  deleted_at: row.deletedAt,
  price_rules: row.priceRules.map(ruleOnWire),
})

const ruleOnWire = (rule: PriceRule) => ({
  id: rule.id,
  attribute: rule.attribute,
  operator: rule.operator,
  value: rule.value,
  priority: rule.priority,
  price_id: rule.priceId,
  created_at: rule.createdAt,
  updated_at: rule.updatedAt,
  deleted_at: rule.deletedAt,
})
