import {
  Database,
  defineModule,
  start,
  type ModuleDefinition,
  type Started,
  type StartOptions,
} from "@marquetry/kernel"
import { TaxCalculator } from "./calculation/tax-calculator.ts"
import { CreateTaxes } from "./migrations/20261122203803_create-taxes.ts"
import type { TaxProvider } from "./provider/tax-provider.ts"
import { syncProviders, TaxProviders } from "./provider/tax-providers.ts"
import { TaxRateService } from "./tax-rate/tax-rate.service.ts"
import { TaxRegionService } from "./tax-region/tax-region.service.ts"
import { TaxProviderRow, TaxRate, TaxRateRule, TaxRegion } from "./tax/tax.entity.ts"
import { taxProviderResource, taxRateResource, taxRateRuleResource, taxRegionResource } from "./tax/tax.resources.ts"

export interface TaxOptions {
  /** Beside `tp_system`, which is always there. */
  readonly providers?: readonly TaxProvider[]
}

/** @throws {TypeError} when the id of a provider is not of the form `tp_name`, or two are the same. */
export function taxModule(options: TaxOptions = {}): ModuleDefinition {
  const providers = new TaxProviders(options.providers)
  return defineModule({
    name: "tax",
    entities: [TaxProviderRow, TaxRegion, TaxRate, TaxRateRule],
    migrations: [CreateTaxes],
    resources: [taxProviderResource, taxRegionResource, taxRateResource, taxRateRuleResource],
    seed: (db) => syncProviders(db, providers.ids),
    services: [TaxRegionService, TaxRateService],
    register(container) {
      container.registerInstance(TaxProviders, providers)
      container.register(TaxCalculator, {
        useFactory: (c) => new TaxCalculator(c.resolve(Database), c.resolve(TaxProviders)),
      })
    },
  })
}

/** What {@link startTax} gives. */
export interface Tax {
  readonly taxRegions: TaxRegionService
  readonly taxRates: TaxRateService
  readonly calculator: TaxCalculator
}

/** Runs taxes alone, on your database or an embedded one. */
export function startTax({ providers, ...options }: StartOptions & TaxOptions = {}): Promise<Started<Tax>> {
  return start(taxModule(providers === undefined ? {} : { providers }), options, (container) => ({
    taxRegions: container.resolve(TaxRegionService),
    taxRates: container.resolve(TaxRateService),
    calculator: container.resolve(TaxCalculator),
  }))
}
