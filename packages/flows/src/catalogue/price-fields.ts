import { computedField, MAX_LIMIT, Query, type ComputedField, type DependencyContainer } from "@marquetry/kernel"
import { priceListResource, priceResource, priceSetResource } from "@marquetry/pricing"
import { variantResource } from "@marquetry/product"

type Row = Readonly<Record<string, unknown>>

interface Rule {
  readonly attribute: string
  readonly value: unknown
}

/** Values by attribute, as callers give them. */
const inShort = (rules: readonly Rule[]) => Object.fromEntries(rules.map(({ attribute, value }) => [attribute, value]))

/** A variant has its price set to itself: what the set has, the variant has. */
const ofSets = {
  id: true,
  variant: { id: true },
  prices: { "*": true, priceRules: { "*": true } },
} as const

/** What a variant costs, but for what price lists say of it. One statement for all variants of an answer. */
const variantPrices = computedField(variantResource, {
  name: "prices",
  key: "priceSet.id",
  resolve: async (priceSetIds, { container, wire }) => {
    const sets = await readSets(container, priceSetIds, wire ? "wire" : "property")
    const [rules, variantId] = wire ? ["price_rules", "variant_id"] : ["priceRules", "variantId"]
    return priceSetIds.map((id) => {
      const { variant, prices = [] } = (sets.get(id) ?? {}) as { variant?: Row | null; prices?: readonly Row[] }
      return prices.map((price) => ({
        ...price,
        [variantId]: variant?.["id"] ?? null,
        rules: inShort(price[rules] as readonly Rule[]),
      }))
    })
  },
})

async function readSets(container: DependencyContainer, ids: readonly string[], names: "wire" | "property") {
  const sets = new Map<string, Row>()
  for (let from = 0; from < ids.length; from += MAX_LIMIT) {
    const { rows } = await container.resolve(Query).listAny(priceSetResource.name, {
      fields: ofSets,
      filter: { id: ids.slice(from, from + MAX_LIMIT) },
      scope: { price: { priceListId: null } },
      names,
      limit: MAX_LIMIT,
      count: false,
    })
    for (const row of rows) sets.set(row["id"] as string, row)
  }
  return sets
}

/** What variants cost, and what prices and price lists say of themselves in short: for those who make them. */
export const priceFields: readonly ComputedField[] = [
  variantPrices,
  computedField(priceResource, {
    name: "variant_id",
    needs: { priceSet: { variant: { id: true } } },
    resolve: async (rows) =>
      rows.map(({ priceSet }) => (priceSet as { variant: { id: string } | null } | null)?.variant?.id ?? null),
  }),
  computedField(priceResource, {
    name: "rules",
    needs: { priceRules: { attribute: true, value: true } },
    resolve: async (rows) => rows.map(({ priceRules }) => inShort(priceRules as readonly Rule[])),
  }),
  computedField(priceListResource, {
    name: "rules",
    needs: { priceListRules: { attribute: true, value: true } },
    resolve: async (rows) => rows.map(({ priceListRules }) => inShort(priceListRules as readonly Rule[])),
  }),
]
