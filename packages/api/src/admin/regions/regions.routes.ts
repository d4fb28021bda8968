import { CreateRegionInput, RegionFlow, UpdateRegionInput } from "@marquetry/flows"
import { equals } from "@marquetry/http"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"

const regions = new AdminResource({
  resource: "region",
  singular: "region",
  plural: "regions",
  defaults: "id, name, currency_code, created_at, updated_at, deleted_at, automatic_taxes, metadata, *countries",
  snapshot: "is_tax_inclusive, payment_providers.id",
  list: {
    limit: 50,
    filters: { id: equals(), currency_code: equals(), name: equals(), ...dates },
    logic: true,
  },
})

export const regionRoutes = adminRoutes("/admin/regions", regions, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create(
    {
      body: CreateRegionInput,
      example: {
        name: "Europe",
        currencyCode: "eur",
        countries: ["de", "fr"],
        isTaxInclusive: true,
        paymentProviders: ["pp_system_default"],
      },
    },
    ({ resolve, body }) => resolve<RegionFlow>(RegionFlow).create(body),
  )
  verbs.update({ body: UpdateRegionInput, example: { countries: ["de"] } }, ({ resolve, params, body }) =>
    resolve<RegionFlow>(RegionFlow).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<RegionFlow>(RegionFlow).delete(params.id))
})
