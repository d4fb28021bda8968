export { startTax, taxModule, type Tax, type TaxOptions } from "./tax.module.ts"
export { chooseRates, type CandidateRate, type ChosenRate, type Taxed } from "./calculation/choose-rates.ts"
export { TaxCalculator, type TaxBasis, type TaxLine, type TaxLines } from "./calculation/tax-calculator.ts"
export { TaxRequest, type TaxItem, type TaxRequestInput, type TaxShippingMethod } from "./calculation/tax-request.ts"
export { systemTaxProvider } from "./provider/system-provider.ts"
export type {
  ProvidedTaxLine,
  ProvidedTaxLines,
  TaxableItem,
  TaxableSale,
  TaxableShippingMethod,
  TaxProvider,
} from "./provider/tax-provider.ts"
export { TaxProviders } from "./provider/tax-providers.ts"
export { provinceCodeOf, type RuleReference } from "./tax/fields.ts"
export {
  DefaultTaxRateTaken,
  TaxProviderMissing,
  TaxRateRuleTaken,
  TaxRegionMisplaced,
  TaxRegionTaken,
  UnknownTaxProvider,
} from "./tax/tax.errors.ts"
export { taxProviderResource, taxRateResource, taxRateRuleResource, taxRegionResource } from "./tax/tax.resources.ts"
export { TaxRateCreated, TaxRateDeleted, TaxRateUpdated } from "./tax-rate/tax-rate.events.ts"
export { CreateTaxRate, CreateTaxRates, TaxRateRuleInput, UpdateTaxRate } from "./tax-rate/tax-rate.schema.ts"
export { TaxRateService, type TaxRateView } from "./tax-rate/tax-rate.service.ts"
export { TaxRegionCreated, TaxRegionDeleted, TaxRegionUpdated } from "./tax-region/tax-region.events.ts"
export { CreateTaxRegion, CreateTaxRegions, UpdateTaxRegion } from "./tax-region/tax-region.schema.ts"
export { TaxRegionService, type TaxRegionView } from "./tax-region/tax-region.service.ts"
