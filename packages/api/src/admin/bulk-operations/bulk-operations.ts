import { bulkOperationResource, readableWith } from "@marquetry/bulk"
import { fileResource } from "@marquetry/file"
import { equals } from "@marquetry/http"
import { Database, linkByColumn } from "@marquetry/kernel"
import { isAllowed } from "@marquetry/rbac"
import { AdminResource } from "../kit/admin-resource.ts"
import { dates } from "../kit/filters.ts"
import { record, snapshotsOf, type Asking } from "../kit/recorded.ts"
import type { Staff } from "../kit/staff.guard.ts"
import { urlsFor } from "../uploads/files.ts"

/** What an operation has made. */
export const bulkOperationFile = linkByColumn(bulkOperationResource, fileResource, { column: "fileIdOut", as: "file" })

/** Who may read its file may see an operation. */
const kindsOf = ({ permissions }: Staff): string[] =>
  Object.entries(readableWith).flatMap(([kind, any]) => (any.some((one) => isAllowed(permissions, one)) ? [kind] : []))

export const bulkOperations = new AdminResource({
  resource: "bulk_operation",
  singular: "bulk_operation",
  plural: "bulk_operations",
  defaults:
    "id, kind, status, input, summary, error, attempts, requested_by, created_at, updated_at, file.id, file.filename, file.mime_type, file.size, file.url",
  list: {
    limit: 50,
    filters: { id: equals(), kind: equals(), status: equals(), requested_by: equals(), ...dates },
    logic: true,
  },
  prepare: ({ identity }) => ({ scope: { bulk_operation: { kind: kindsOf(identity) } } }),
})

/** An operation as it was read, of which anything may be selected. */
export interface OperationRow {
  readonly file?: { readonly id?: string; readonly url?: string | null } | null
}

/** Operations whose files can be fetched: they are private, and their URLs signed for a while. One statement. */
export async function withUrls<Row extends OperationRow>(
  context: Pick<Asking, "identity" | "resolve">,
  rows: readonly Row[],
): Promise<Row[]> {
  const secret = ({ file }: Row): string[] => (file?.url === null && file.id !== undefined ? [file.id] : [])
  const urls = await urlsFor(context, rows.flatMap(secret))
  return rows.map((row) => {
    const [id] = secret(row)
    return id === undefined ? row : { ...row, file: { ...row.file, url: urls.get(id) ?? null } }
  })
}

/** Asks for an operation, and writes that into the audit log, in one transaction. @returns its id. */
export function recorded(context: Asking, action: string, ask: () => Promise<string>): Promise<string> {
  return context.resolve<Database>(Database).transaction(async () => {
    const id = await ask()
    const rows = await snapshotsOf(context, bulkOperations, [id])
    await record(context, [{ action, resource: bulkOperations, id, before: null, after: rows.get(id) ?? null }])
    return id
  })
}
