export { currencyModule, startCurrency } from "./currency.module.ts"
export { currencyResource } from "./currency/currency.resources.ts"
export { CurrencyService, type CurrencyView } from "./currency/currency.service.ts"
