import { compares, equals } from "@marquetry/http"
import { CreateTaxRegion, TaxRegionService, UpdateTaxRegion } from "@marquetry/tax"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"

const regions = new AdminResource({
  resource: "tax_region",
  singular: "tax_region",
  plural: "tax_regions",
  defaults: [
    "id, country_code, province_code, parent_id, provider_id, created_by, created_at, updated_at, deleted_at, metadata",
    "*children, *children.tax_rates, *children.tax_rates.rules, *parent, *tax_rates, *tax_rates.rules",
  ].join(", "),
  list: {
    limit: 20,
    filters: {
      id: equals(),
      country_code: compares(),
      province_code: compares(),
      parent_id: compares(),
      created_by: equals(),
      ...dates,
    },
    logic: true,
  },
})

/** Who asks is who makes it. */
const NewRegion = CreateTaxRegion.in.omit({ createdBy: true })

export const taxRegionRoutes = adminRoutes("/admin/tax-regions", regions, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create(
    {
      body: NewRegion,
      example: { countryCode: "de", defaultTaxRate: { name: "VAT", code: "vat", rate: 19 } },
      description: "The region of a province belongs to that of its country, which must be there.",
    },
    ({ resolve, identity, body }) =>
      resolve<TaxRegionService>(TaxRegionService).create({ ...body, createdBy: identity.actorId }),
  )
  verbs.update({ body: UpdateTaxRegion, example: { providerId: "tp_system" } }, ({ resolve, params, body }) =>
    resolve<TaxRegionService>(TaxRegionService).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<TaxRegionService>(TaxRegionService).delete(params.id), {
    description: "A region is deleted with its rates, and that of a country with those of its provinces.",
  })
})
