import { PricePreferenceFlow } from "@marquetry/flows"
import { equals } from "@marquetry/http"
import { PricePreferenceService, SetPricePreference, UpdatePricePreference } from "@marquetry/pricing"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"

const preferences = new AdminResource({
  resource: "price_preference",
  singular: "price_preference",
  plural: "price_preferences",
  defaults: "id, attribute, value, is_tax_inclusive, created_at, updated_at, deleted_at",
  list: { limit: 300, filters: { id: equals(), attribute: equals(), value: equals() }, logic: true },
})

export const pricePreferenceRoutes = adminRoutes("/admin/price-preferences", preferences, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create(
    { body: SetPricePreference, example: { attribute: "currency_code", value: "eur", isTaxInclusive: true } },
    ({ resolve, body }) => resolve<PricePreferenceFlow>(PricePreferenceFlow).create(body),
  )
  verbs.update({ body: UpdatePricePreference, example: { isTaxInclusive: false } }, ({ resolve, params, body }) =>
    resolve<PricePreferenceFlow>(PricePreferenceFlow).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<PricePreferenceService>(PricePreferenceService).delete(params.id))
})
