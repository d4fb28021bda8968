import { defineModule, start, type Started, type StartOptions } from "@marquetry/kernel"
import { PriceCalculator } from "./calculation/price-calculator.ts"
import { CreatePrices } from "./migrations/20261101000000_create-prices.ts"
import { PriceListService } from "./price-list/price-list.service.ts"
import { PricePreference } from "./price-preference/price-preference.entity.ts"
import { pricePreferenceResource } from "./price-preference/price-preference.resources.ts"
import { PricePreferenceService } from "./price-preference/price-preference.service.ts"
import { PriceSetService } from "./price-set/price-set.service.ts"
import { Price, PriceList, PriceListRule, PriceRule, PriceSet } from "./price/price.entity.ts"
import {
  priceListResource,
  priceListRuleResource,
  priceResource,
  priceRuleResource,
  priceSetResource,
} from "./price/price.resources.ts"

export const pricingModule = defineModule({
  name: "pricing",
  entities: [PriceSet, PriceList, Price, PriceRule, PriceListRule, PricePreference],
  migrations: [CreatePrices],
  resources: [
    priceSetResource,
    priceResource,
    priceRuleResource,
    priceListResource,
    priceListRuleResource,
    pricePreferenceResource,
  ],
  services: [PriceSetService, PriceListService, PricePreferenceService, PriceCalculator],
})

/** What {@link startPricing} gives. */
export interface Pricing {
  readonly priceSets: PriceSetService
  readonly priceLists: PriceListService
  readonly pricePreferences: PricePreferenceService
  readonly calculator: PriceCalculator
}

/** Runs prices alone, on your database or an embedded one. */
export function startPricing(options: StartOptions = {}): Promise<Started<Pricing>> {
  return start(pricingModule, options, (container) => ({
    priceSets: container.resolve(PriceSetService),
    priceLists: container.resolve(PriceListService),
    pricePreferences: container.resolve(PricePreferenceService),
    calculator: container.resolve(PriceCalculator),
  }))
}
