import { computedField, type ComputedField } from "@marquetry/kernel"
import { PricePreferenceService, type SetPricePreference } from "@marquetry/pricing"
import { regionResource } from "@marquetry/region"
import { storeCurrencyResource } from "@marquetry/store"

type Attribute = SetPricePreference["attribute"]

const field = (resource: typeof regionResource | typeof storeCurrencyResource, key: string, attribute: Attribute) =>
  computedField(resource, {
    name: "is_tax_inclusive",
    key,
    resolve: async (values, { container }) => {
      const preferences = container.resolve<PricePreferenceService>(PricePreferenceService)
      const filter = { attribute, value: values }
      const { rows } = await preferences.list({ filter, limit: values.length, count: false })
      const inclusive = new Set(rows.flatMap(({ value, isTaxInclusive }) => (isTaxInclusive ? value : [])))
      return values.map((value) => inclusive.has(value))
    },
  })

/** Whether prices for a region, and in a currency of a store, contain tax. Where nothing is said they do not. */
export const taxInclusiveness: readonly ComputedField[] = [
  field(regionResource, "id", "region_id"),
  field(storeCurrencyResource, "currencyCode", "currency_code"),
]
