import {
  FulfillmentSetService,
  ServiceZoneService,
  ShippingOptionService,
  ShippingProfileService,
} from "@marquetry/fulfillment"
import { InventoryLevelService } from "@marquetry/inventory"
import { Database, Links, Query, type DependencyContainer, type InjectionToken } from "@marquetry/kernel"
import { PricePreferenceService, PriceSetService } from "@marquetry/pricing"
import { RegionService } from "@marquetry/region"
import { SalesChannelService } from "@marquetry/sales-channel"
import { StockLocationService } from "@marquetry/stock-location"
import { StoreService } from "@marquetry/store"
import { TaxRateService } from "@marquetry/tax"
import { FulfillmentSetFlow } from "./fulfillment-set-flow.ts"
import { PricePreferenceFlow } from "./price-preference-flow.ts"
import { RegionFlow } from "./region-flow.ts"
import { SalesChannelFlow } from "./sales-channel-flow.ts"
import { ShippingOptionFlow } from "./shipping-option-flow.ts"
import { ShippingPrices } from "./shipping-prices.ts"
import { ShippingProfileFlow } from "./shipping-profile-flow.ts"
import { StockLocationFlow } from "./stock-location-flow.ts"
import { StoreFlow } from "./store-flow.ts"
import { TaxRateFlow } from "./tax-rate-flow.ts"

type Provide = <T>(token: InjectionToken<T>, make: (c: DependencyContainer) => T) => void

/** Registers how a shop is set up. */
export function registerSetup(provide: Provide): void {
  provide(StoreFlow, (c) => {
    const [stores, preferences] = [c.resolve(StoreService), c.resolve(PricePreferenceService)]
    return new StoreFlow(c.resolve(Database), c.resolve(Query), stores, preferences)
  })
  provide(PricePreferenceFlow, (c) => new PricePreferenceFlow(c.resolve(Query), c.resolve(PricePreferenceService)))
  provide(RegionFlow, (c) => {
    return new RegionFlow({
      db: c.resolve(Database),
      query: c.resolve(Query),
      links: c.resolve(Links),
      regions: c.resolve(RegionService),
      preferences: c.resolve(PricePreferenceService),
      stores: c.resolve(StoreFlow),
    })
  })
  provide(StockLocationFlow, (c) => {
    return new StockLocationFlow({
      db: c.resolve(Database),
      query: c.resolve(Query),
      links: c.resolve(Links),
      locations: c.resolve(StockLocationService),
      levels: c.resolve(InventoryLevelService),
      sets: c.resolve(FulfillmentSetFlow),
      stores: c.resolve(StoreFlow),
    })
  })
  provide(SalesChannelFlow, (c) => {
    return new SalesChannelFlow(c.resolve(Database), c.resolve(SalesChannelService), c.resolve(StoreFlow))
  })
  provide(TaxRateFlow, (c) => new TaxRateFlow(c.resolve(Query), c.resolve(TaxRateService)))
  registerShipping(provide)
}

function registerShipping(provide: Provide): void {
  provide(ShippingPrices, (c) => {
    const [priceSets, regions] = [c.resolve(PriceSetService), c.resolve(RegionService)]
    return new ShippingPrices(c.resolve(Query), c.resolve(Links), priceSets, regions)
  })
  provide(FulfillmentSetFlow, (c) => {
    return new FulfillmentSetFlow({
      db: c.resolve(Database),
      query: c.resolve(Query),
      links: c.resolve(Links),
      sets: c.resolve(FulfillmentSetService),
      zones: c.resolve(ServiceZoneService),
      prices: c.resolve(ShippingPrices),
    })
  })
  provide(ShippingProfileFlow, (c) => {
    return new ShippingProfileFlow(c.resolve(Database), c.resolve(Links), c.resolve(ShippingProfileService))
  })
  provide(ShippingOptionFlow, (c) => {
    const [db, query, links] = [c.resolve(Database), c.resolve(Query), c.resolve(Links)] as const
    return new ShippingOptionFlow(db, query, links, c.resolve(ShippingOptionService), c.resolve(ShippingPrices))
  })
}
