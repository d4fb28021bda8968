import { CreateTaxRateInput, TaxRateFlow, TaxRateRuleInput, UpdateTaxRateInput } from "@marquetry/flows"
import { compares, equals } from "@marquetry/http"
import { TaxRateService } from "@marquetry/tax"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"

const rates = new AdminResource({
  resource: "tax_rate",
  singular: "tax_rate",
  plural: "tax_rates",
  defaults: [
    "id, name, code, rate, tax_region_id, is_default, is_combinable, created_by, created_at, updated_at, deleted_at",
    "metadata, *tax_region, *rules",
  ].join(", "),
  list: {
    limit: 20,
    filters: { id: equals(), tax_region_id: compares(), is_default: equals(), ...dates },
    logic: true,
  },
})

const rule = { reference: "product_type" as const, referenceId: "ptyp_01" }

export const taxRateRoutes = adminRoutes("/admin/tax-rates", rates, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create(
    {
      body: CreateTaxRateInput,
      example: { taxRegionId: "txreg_01", name: "Books", code: "books", rate: 7, rules: [rule] },
    },
    ({ resolve, identity, body }) => resolve<TaxRateFlow>(TaxRateFlow).create(body, identity.actorId),
  )
  verbs.update({ body: UpdateTaxRateInput, example: { rate: 7.5 } }, ({ resolve, identity, params, body }) =>
    resolve<TaxRateFlow>(TaxRateFlow).update(params.id, body, identity.actorId),
  )
  verbs.remove(({ resolve, params }) => resolve<TaxRateService>(TaxRateService).delete(params.id))
  verbs.change(
    "/:id/rules",
    { summary: "Says one thing more that a tax rate is for", body: TaxRateRuleInput, example: rule },
    ({ resolve, identity, params, body }) =>
      resolve<TaxRateFlow>(TaxRateFlow).addRule(params.id, body, identity.actorId),
  )
  verbs.removePart(
    "/:id/rules/:rule_id",
    { summary: "Says of one thing that a tax rate is not for it any more", object: "tax_rate_rule" },
    ({ resolve, params }) => resolve<TaxRateService>(TaxRateService).removeRules(params.id, [params.rule_id]),
  )
})
