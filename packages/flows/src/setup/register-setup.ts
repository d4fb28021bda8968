import { Database, Links, Query, type DependencyContainer, type InjectionToken } from "@marquetry/kernel"
import { PricePreferenceService } from "@marquetry/pricing"
import { RegionService } from "@marquetry/region"
import { StoreService } from "@marquetry/store"
import { PricePreferenceFlow } from "./price-preference-flow.ts"
import { RegionFlow } from "./region-flow.ts"
import { StoreFlow } from "./store-flow.ts"

/** Registers how a shop is set up. */
export function registerSetup(
  provide: <T>(token: InjectionToken<T>, make: (c: DependencyContainer) => T) => void,
): void {
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
}
