export type {
  CalculatedPrice,
  ChosenPrice,
  WireCalculatedPrice,
  WireChosenPrice,
} from "./calculation/calculated-price.ts"
export {
  choosePrice,
  type Candidate,
  type CandidateList,
  type Choice,
  type Refusal,
  type Situation,
} from "./calculation/choose-price.ts"
export type { ExplainedPrice, Verdict } from "./calculation/explain-price.ts"
export type { Attributes } from "./calculation/match-rules.ts"
export { PriceCalculator } from "./calculation/price-calculator.ts"
export { AskedPrice, PriceContext } from "./calculation/price-context.ts"
export { DatesReversed } from "./price-list/price-list.errors.ts"
export { PriceListCreated, PriceListDeleted, PriceListUpdated } from "./price-list/price-list.events.ts"
export { CreatePriceList, UpdatePriceList } from "./price-list/price-list.schema.ts"
export { PriceListService, type ListPriceView, type PriceListView } from "./price-list/price-list.service.ts"
export { PricePreferenceTaken } from "./price-preference/price-preference.errors.ts"
export { PricePreferenceDeleted, PricePreferenceUpdated } from "./price-preference/price-preference.events.ts"
export { pricePreferenceResource } from "./price-preference/price-preference.resources.ts"
export { SetPricePreference, UpdatePricePreference } from "./price-preference/price-preference.schema.ts"
export { PricePreferenceService, type PricePreferenceView } from "./price-preference/price-preference.service.ts"
export { PriceSetCreated, PriceSetDeleted, PriceSetUpdated } from "./price-set/price-set.events.ts"
export { CreatePriceSet, SetPrices } from "./price-set/price-set.schema.ts"
export { PriceSetService, type PriceChanges, type PriceSetView } from "./price-set/price-set.service.ts"
export { PriceTaken } from "./price/price.errors.ts"
export {
  priceListResource,
  priceListRuleResource,
  priceResource,
  priceRuleResource,
  priceSetResource,
} from "./price/price.resources.ts"
export {
  closedTier,
  CreateListPrice,
  CreatePrice,
  PriceRuleInput,
  tierIsOpen,
  UpdatePrice,
} from "./price/price.schema.ts"
export type { ListRule, PriceListStatus, PriceListType, PriceRule, RuleOperator } from "./price/price.types.ts"
export { pricingModule, startPricing, type Pricing } from "./pricing.module.ts"
