import { equals } from "@marquetry/http"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"

const providers = new AdminResource({
  resource: "tax_provider",
  singular: "tax_provider",
  plural: "tax_providers",
  defaults: "id, is_enabled",
  list: { limit: 20, filters: { id: equals(), is_enabled: equals() }, logic: true },
})

export const taxProviderRoutes = adminRoutes("/admin/tax-providers", providers, (verbs) => verbs.list())
