import { FileService, type FileAccess, type UploadFile } from "@marquetry/file"
import type { HandlerContext } from "@marquetry/http"
import { Database, NotFound, ResourceRegistry } from "@marquetry/kernel"
import { AdminResource } from "../kit/admin-resource.ts"
import { record, snapshotsOf, type Asking, type Row } from "../kit/recorded.ts"
import type { Staff } from "../kit/staff.guard.ts"

export const files = new AdminResource({
  resource: "file",
  singular: "file",
  plural: "files",
  defaults: "id, url",
  snapshot: "filename, mime_type, size, access",
  list: { limit: 50, filters: {} },
})

type Sending = Pick<HandlerContext<Staff, undefined, undefined, undefined>, "identity" | "files">

/** The files of a form as the file module takes them, one after the other. */
export async function* uploadsOf({ identity, files }: Sending, access: FileAccess): AsyncGenerator<UploadFile> {
  for await (const { filename, mimeType, content } of files())
    yield { filename, mimeType, content, access, createdBy: identity.actorId }
}

/** Files as the request selects them, in order of their ids. Not in a transaction: a provider signs URLs of private ones. */
export async function readFiles(context: Asking, ids: readonly string[]): Promise<Row[]> {
  const { identity, resolve } = context
  const answer = files.of("answer", identity, resolve<ResourceRegistry>(ResourceRegistry))
  const rows = JSON.parse(await answer.rows(context, ids)) as Row[]
  const secret = rows.filter(({ url }) => url === null).map(({ id }) => id)
  const urls = await resolve<FileService>(FileService).downloadUrls(secret)
  return rows.map((row) => (row["url"] === null ? { ...row, url: urls.get(row.id) ?? null } : row))
}

/** @throws {NotFound} */
export async function readFile(context: Asking, id: string): Promise<object> {
  const [file] = await readFiles(context, [id])
  if (file === undefined) throw new NotFound("File", id)
  return { file }
}

/**
 * Writes into the audit log that files are there. Content is kept outside of the database, so this is a transaction of its own,
 * after it; each file says by itself who has made it.
 */
export async function recordFiles(context: Asking, action: string, ids: readonly string[]): Promise<void> {
  await context.resolve<Database>(Database).transaction(async () => {
    const rows = await snapshotsOf(context, files, ids)
    await record(
      context,
      ids.map((id) => ({ action, resource: files, id, before: null, after: rows.get(id) ?? null })),
    )
  })
}
