import { compares, equals } from "@marquetry/http"
import { AdminResource } from "../kit/admin-resource.ts"
import { dates } from "../kit/filters.ts"

export const roles = new AdminResource({
  resource: "rbac_role",
  singular: "role",
  plural: "roles",
  defaults: "id, name, description, permissions, metadata, created_at, updated_at, deleted_at",
  list: {
    limit: 50,
    filters: {
      id: equals(),
      name: equals(),
      permissions: compares(),
      actor_id: equals("assignments.actor_id"),
      ...dates,
    },
    logic: true,
  },
})
