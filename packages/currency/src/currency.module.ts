import { defineModule, Query, start, type Started, type StartOptions } from "@marquetry/kernel"
import { Currency } from "./currency/currency.entity.ts"
import { currencyResource } from "./currency/currency.resources.ts"
import { CurrencyService } from "./currency/currency.service.ts"
import { seedCurrencies } from "./currency/seed-currencies.ts"
import { CreateCurrencies } from "./migrations/20261101000000_create-currencies.ts"

export const currencyModule = defineModule({
  name: "currency",
  entities: [Currency],
  migrations: [CreateCurrencies],
  resources: [currencyResource],
  seed: seedCurrencies,
  register(container) {
    container.register(CurrencyService, { useFactory: (c) => new CurrencyService(c.resolve(Query)) })
  },
})

/** Runs currencies alone, on your database or an embedded one. */
export function startCurrency(options: StartOptions = {}): Promise<Started<{ currencies: CurrencyService }>> {
  return start(currencyModule, options, (container) => ({ currencies: container.resolve(CurrencyService) }))
}
