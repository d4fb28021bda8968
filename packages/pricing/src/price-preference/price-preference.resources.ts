import { defineResource } from "@marquetry/kernel"
import { PricePreference } from "./price-preference.entity.ts"

export const pricePreferenceResource = defineResource("price_preference", PricePreference, {
  search: ["attribute", "value"],
})
