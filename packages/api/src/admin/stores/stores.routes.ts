import { StoreFlow, UpdateStoreInput } from "@marquetry/flows"
import { equals } from "@marquetry/http"
import { linkByColumn } from "@marquetry/kernel"
import { currencyResource } from "@marquetry/currency"
import { storeCurrencyResource } from "@marquetry/store"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"

/** What a currency of a store is called, and how it is written. */
export const storeCurrency = linkByColumn(storeCurrencyResource, currencyResource, {
  column: "currencyCode",
  as: "currency",
})

const stores = new AdminResource({
  resource: "store",
  singular: "store",
  plural: "stores",
  defaults:
    "id, name, *supported_currencies, *supported_currencies.currency, *supported_locales, default_sales_channel_id, default_region_id, default_location_id, metadata, created_at, updated_at",
  snapshot: "supported_currencies.is_tax_inclusive",
  list: { limit: 50, filters: { id: equals(), name: equals() }, logic: true },
})

const currencies = new AdminResource({
  resource: "currency",
  singular: "currency",
  plural: "currencies",
  defaults: "code, symbol, symbol_native, name, decimal_digits, rounding",
  list: { limit: 200, filters: { code: equals() }, logic: true },
})

export const storeRoutes = [
  ...adminRoutes("/admin/stores", stores, (verbs) => {
    verbs.list()
    verbs.one()
    verbs.update(
      {
        body: UpdateStoreInput,
        example: {
          name: "Burl & Banding",
          supportedCurrencies: [{ currencyCode: "eur", isDefault: true, isTaxInclusive: true }],
        },
      },
      ({ resolve, params, body }) => resolve<StoreFlow>(StoreFlow).update(params.id, body),
    )
  }),
  ...adminRoutes("/admin/currencies", currencies, (verbs) => {
    verbs.list()
    verbs.one()
  }),
]
