import { compares, equals } from "@marquetry/http"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { listWith } from "../kit/list-of-parts.ts"

const entries = new AdminResource({
  resource: "audit_entry",
  singular: "audit_entry",
  plural: "audit_entries",
  permission: "audit_log",
  defaults: "id, actor_type, actor_id, action, resource_type, resource_id, changes, request_id, created_at",
  list: {
    limit: 50,
    filters: {
      id: equals(),
      actor_type: equals(),
      actor_id: equals(),
      action: equals(),
      resource_type: equals(),
      resource_id: equals(),
      request_id: equals(),
      created_at: compares(),
    },
    logic: true,
  },
})

/** Who has done what. It is written by what is done, and by nothing else. */
export const auditLogRoutes = adminRoutes("/admin/audit-log", entries, (verbs) => {
  const { schemas } = entries.whole.list
  const newestFirst = { ...schemas, summary: "Lists what was done, newest first", permissions: ["audit_log:read"] }
  verbs.verbs.get("/", newestFirst, (context) => {
    const { order = "-id" } = context.query as { order?: string }
    return listWith(context, entries, { order })
  })
  verbs.one()
})
