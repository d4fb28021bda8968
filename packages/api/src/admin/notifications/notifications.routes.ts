import { equals, RawJson } from "@marquetry/http"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import type { Asking } from "../kit/recorded.ts"
import { urlsFor } from "../uploads/files.ts"

type Row = Readonly<Record<string, unknown>>

/** What a notification has in `data.file`: it names a file of the shop, whose address is good for a while. */
interface FileOfRow {
  readonly id: string
  readonly url?: unknown
}

const notifications = new AdminResource({
  resource: "notification",
  singular: "notification",
  plural: "notifications",
  defaults:
    "id, to, channel, template, data, trigger_type, resource_id, resource_type, receiver_id, created_at, updated_at",
  list: { limit: 50, filters: { id: equals(), channel: equals(), to: equals() } },
  complete: async ({ text }, context) => {
    const {
      notification,
      notifications: list,
      ...page
    } = JSON.parse(text) as { notification?: Row; notifications?: Row[] }
    const shown = await withFiles(context, (list ?? [notification as Row]).map(withoutSecrets))
    return new RawJson(
      JSON.stringify({
        ...(notification && { notification: shown[0] }),
        ...(list && { notifications: shown }),
        ...page,
      }),
    )
  },
})

/**
 * What was sent to whom. What opens doors to its receiver, such as the token of an invite, is shown to nobody else; files to
 * those who may read them.
 */
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

/** Rows with the addresses at which files can be fetched now, by whoever asks; `null` where they may not. One statement, if any. */
async function withFiles(context: Pick<Asking, "identity" | "resolve">, rows: readonly Row[]): Promise<Row[]> {
  const urls = await urlsFor(context, [...new Set(rows.flatMap((row) => fileOf(row)?.id ?? []))])
  return rows.map((row) => {
    const file = fileOf(row)
    if (file === undefined) return row
    return { ...row, data: { ...(row["data"] as Row), file: { ...file, url: urls.get(file.id) ?? null } } }
  })
}

function fileOf({ data }: Row): FileOfRow | undefined {
  const { file } = (data ?? {}) as { file?: unknown }
  if (typeof file !== "object" || file === null) return undefined
  return typeof (file as Row)["id"] === "string" ? (file as FileOfRow) : undefined
}
