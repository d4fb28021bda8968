import { defineModule, start, type Started, type StartOptions } from "@marquetry/kernel"
import { CreateStores } from "./migrations/20261101000000_create-stores.ts"
import { Store, StoreCurrency, StoreLocale } from "./store/store.entity.ts"
import { storeCurrencyResource, storeLocaleResource, storeResource } from "./store/store.resources.ts"
import { StoreService } from "./store/store.service.ts"

export const storeModule = defineModule({
  name: "store",
  entities: [Store, StoreCurrency, StoreLocale],
  migrations: [CreateStores],
  resources: [storeResource, storeCurrencyResource, storeLocaleResource],
  services: [StoreService],
})

/** Runs stores alone, on your database or an embedded one. */
export function startStore(options: StartOptions = {}): Promise<Started<{ stores: StoreService }>> {
  return start(storeModule, options, (container) => ({ stores: container.resolve(StoreService) }))
}
