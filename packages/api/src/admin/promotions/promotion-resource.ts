import { compares, equals } from "@marquetry/http"
import { AdminResource } from "../kit/admin-resource.ts"
import { dates, related } from "../kit/filters.ts"

export const promotions = new AdminResource({
  resource: "promotion",
  singular: "promotion",
  plural: "promotions",
  defaults:
    "id, code, is_automatic, is_tax_inclusive, type, limit, used, status, created_at, updated_at, deleted_at, metadata, *campaign, *campaign.budget, *application_method, *application_method.buy_rules, *application_method.target_rules, rules.id, rules.attribute, rules.operator, rules.values",
  snapshot: "rules.description",
  list: {
    limit: 50,
    filters: {
      id: compares(),
      code: compares(),
      campaign_id: equals(),
      application_method: related(),
      ...dates,
    },
    logic: true,
  },
})
