import { defineResource } from "@marquetry/kernel"
import { Store, StoreCurrency, StoreLocale } from "./store.entity.ts"

export const storeResource = defineResource("store", Store, { search: ["name"] })
export const storeCurrencyResource = defineResource("store_currency", StoreCurrency)
export const storeLocaleResource = defineResource("store_locale", StoreLocale)
