import { FileService, type FileAccess, type MayRead, type UploadFile } from "@marquetry/file"
import type { HandlerContext } from "@marquetry/http"
import { Database, NotFound, ResourceRegistry } from "@marquetry/kernel"
import { isAllowed } from "@marquetry/rbac"
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

/**
 * Which files somebody may read: public ones, and private ones by a permission for what they hold. Where nobody has said what
 * that is, those of their own, and all if they may read files.
 */
export function readableBy({ actorId, permissions }: Staff): MayRead {
  return ({ access, readableWith, createdBy }) => {
    if (access === "public") return true
    if (readableWith.length > 0) return readableWith.some((one) => isAllowed(permissions, one))
    return createdBy === actorId || isAllowed(permissions, "file:read")
  }
}

/** Where files can be fetched, of those that whoever asks may read. One statement; not in a transaction: a provider signs. */
export async function urlsFor(
  { identity, resolve }: Pick<Asking, "identity" | "resolve">,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  return resolve<FileService>(FileService).downloadUrls(ids, readableBy(identity))
}

/** Files as the request selects them, in order of their ids. Not in a transaction: a provider signs URLs of private ones. */
export async function readFiles(context: Asking, ids: readonly string[]): Promise<Row[]> {
  const { identity, resolve } = context
  const answer = files.of("answer", identity, resolve<ResourceRegistry>(ResourceRegistry))
  const rows = JSON.parse(await answer.rows(context, ids)) as Row[]
  const secret = rows.filter(({ url }) => url === null).map(({ id }) => id)
  const urls = await urlsFor(context, secret)
  return rows.map((row) => (row["url"] === null ? { ...row, url: urls.get(row.id) ?? null } : row))
}

/** @throws {NotFound} {@link NotReadable} */
export async function readFile(context: Asking, id: string): Promise<object> {
  await context.resolve<FileService>(FileService).getReadable(id, readableBy(context.identity))
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
