import { equals, RawJson } from "@marquetry/http"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"

type Row = Readonly<Record<string, unknown>>

const notifications = new AdminResource({
  resource: "notification",
  singular: "notification",
  plural: "notifications",
  defaults:
    "id, to, channel, template, data, trigger_type, resource_id, resource_type, receiver_id, created_at, updated_at",
  list: { limit: 50, filters: { id: equals(), channel: equals(), to: equals() } },
  complete: async ({ text }) => {
    const {
      notification,
      notifications: list,
      ...page
    } = JSON.parse(text) as { notification?: Row; notifications?: Row[] }
    return new RawJson(
      JSON.stringify({
        ...(notification && { notification: withoutSecrets(notification) }),
        ...(list && { notifications: list.map(withoutSecrets) }),
        ...page,
      }),
    )
  },
})

/** What was sent to whom. What opens doors to its receiver, such as the token of an invite, is shown to nobody else. */
export const notificationRoutes = adminRoutes("/admin/notifications", notifications, (verbs) => {
  verbs.list()
  verbs.one()
})

const SECRET = /token|secret|password/i

/** A row without the message as it was sent, which may hold whatever its data hold. */
function withoutSecrets({ content: _content, data, ...row }: Row): Row {
  return data === undefined ? row : { ...row, data: redacted(data) }
}

function redacted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redacted)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, SECRET.test(name) ? "…" : redacted(inner)]),
  )
}
