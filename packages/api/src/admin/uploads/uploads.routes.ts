import { FileService, PresignUpload } from "@marquetry/file"
import { InvalidRequest } from "@marquetry/http"
import { z } from "zod"
import { adminRoutes, paramsOf } from "../kit/admin-routes.ts"
import { files, readFile, readFiles, recordFiles, uploadsOf } from "./files.ts"
import { presignedUploadRoutes } from "./presigned-uploads.routes.ts"

/** Files of one form. */
const MAX_FILES = 50

const { access } = PresignUpload.shape

const Uploaded = z.object({ files: z.array(z.looseObject({ id: z.string(), url: z.string() })) })

const { answer } = files.whole

const formRoutes = adminRoutes("/admin/uploads", files, (verbs) => {
  const { get, post } = verbs.verbs
  const { query, response } = answer

  const upload = {
    summary: "Uploads files",
    description:
      "Anybody may fetch them who knows their URL, unless `access` is `private`. The shop says how large they may be, and of which types.",
    query: z.strictObject({ fields: z.string().max(10_000).optional(), access: access.unwrap().default("public") }),
    response: Uploaded,
    permissions: ["file:create"],
    // How many bytes may come is for the file module to say.
    files: { field: "files", count: MAX_FILES, size: Number.MAX_SAFE_INTEGER },
    external: true,
  }
  post("/", upload, async (context) => {
    answer.check(context)
    const service = context.resolve<FileService>(FileService)
    const made = await service.uploadEach(uploadsOf(context, context.query.access))
    if (made.length === 0) throw new InvalidRequest(["Field 'files' is required"])
    const ids = made.map(({ id }) => id)
    await recordFiles(context, "created", ids)
    return { files: await readFiles(context, ids) }
  })

  const read = {
    summary: "Reads a file",
    description:
      "The URL of a private one is signed, for a while. What was exported or imported takes a permission for that, too.",
    params: paramsOf("/:id"),
    query,
    response,
    permissions: ["file:read"],
  }
  get("/:id", read, (context) => readFile(context, context.params.id))
  verbs.remove(({ resolve, params }) => resolve<FileService>(FileService).delete(params.id))
})

export const uploadRoutes = [...formRoutes, ...presignedUploadRoutes]
