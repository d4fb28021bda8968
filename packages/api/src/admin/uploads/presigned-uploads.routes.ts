import { extname } from "node:path/posix"
import { FileService, PresignUpload } from "@marquetry/file"
import { z } from "zod"
import { adminRoutes } from "../kit/admin-routes.ts"
import { files, readFile, recordFiles } from "./files.ts"

const { answer } = files.whole
const { filename, size, access } = PresignUpload.shape

/** Browsers have no type for files that they do not know: an empty one is none. */
const NewUpload = z.strictObject({ originalname: filename, mimeType: z.string().max(200), size, access })

const Presigned = z.object({
  url: z.string(),
  /** By which the file is known from then on: its key. */
  filename: z.string(),
  originalname: z.string(),
  mimeType: z.string(),
  extension: z.string(),
  size: z.int(),
  headers: z.record(z.string(), z.string()),
  expiresAt: z.string(),
})

/** Files that whoever has them sends past the shop, or to it where it keeps them itself. */
export const presignedUploadRoutes = adminRoutes("/admin/uploads", files, ({ verbs: { post } }) => {
  const presign = {
    summary: "Signs a URL for uploading a file",
    description:
      "Send the file there by `PUT`, with the `headers`. Then confirm it, or import it, by its `filename`. What nobody confirms within a day is removed.",
    body: NewUpload,
    example: { originalname: "Products.csv", mimeType: "text/csv", size: 1_024 },
    response: Presigned,
    permissions: ["file:create"],
    external: true,
  }
  post("/presigned-urls", presign, async ({ resolve, identity, body: { originalname, mimeType, ...body } }) => {
    const type = mimeType !== "" && { mimeType }
    const upload = { ...body, ...type, filename: originalname, createdBy: identity.actorId }
    const made = await resolve<FileService>(FileService).presignUpload(upload)
    const { key, url, headers, expiresAt, size } = made
    const named = { filename: key, originalname, extension: extname(key).slice(1), mime_type: made.mimeType, size }
    return { url, ...named, headers, expires_at: expiresAt }
  })

  const confirm = {
    summary: "Makes a file of what was sent to a signed URL",
    description: "Again and again it answers the same file.",
    query: answer.query,
    body: z.strictObject({ fileKey: z.string().min(1).max(300) }),
    example: { fileKey: "private/01k-products.csv" },
    response: answer.response,
    permissions: ["file:create"],
    external: true,
  }
  post("/confirm", confirm, async (context) => {
    const { id } = await context.resolve<FileService>(FileService).confirm(context.body.fileKey)
    await recordFiles(context, "confirmed", [id])
    return readFile(context, id)
  })
})
