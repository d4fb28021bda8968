import { BulkOperations, PrepareProductImport, readableWith } from "@marquetry/bulk"
import { FileService, type UploadFile } from "@marquetry/file"
import { InvalidRequest, type HandlerContext } from "@marquetry/http"
import { z } from "zod"
import { bulkOperations, recorded } from "../bulk-operations/bulk-operations.ts"
import { adminRoutes, paramsOf } from "../kit/admin-routes.ts"
import { assertThere } from "../kit/link-changes.ts"
import type { Asking } from "../kit/recorded.ts"
import type { Staff } from "../kit/staff.guard.ts"
import { readableBy, uploadsOf } from "../uploads/files.ts"

const { currencyCode, salesChannelId } = PrepareProductImport.shape

/** What holds where the file does not say. */
const Defaults = z.strictObject({ currency_code: currencyCode, sales_channel_id: salesChannelId })

const Prepared = z.object({
  transactionId: z.string(),
  summary: z.object({ toCreate: z.int(), toUpdate: z.int() }),
})

/** What was uploaded before, by its key or its id. What the client knows of it besides, the file module knows too. */
const Import = z.strictObject({
  fileKey: z.string().min(1).max(300),
  originalname: z.string().optional(),
  extension: z.string().optional(),
  size: z.number().optional(),
  mimeType: z.string().optional(),
})

const description =
  "A CSV of Medusa's columns or of Shopify's. Reads it from end to end, and says how many products would be made and changed; they are once the `transaction_id` is confirmed."

const told = {
  query: Defaults,
  response: Prepared,
  permissions: ["product:import"],
  status: 202,
  external: true,
}

export const importRoutes = adminRoutes("/admin/products", bulkOperations, ({ verbs: { post } }) => {
  const form = {
    ...told,
    summary: "Prepares an import of a product file",
    description,
    // How many bytes may come is for the file module to say.
    files: { field: "file", count: 1, size: Number.MAX_SAFE_INTEGER },
  }
  post("/import", form, async (context) => {
    const files = context.resolve<FileService>(FileService)
    const [file] = await files.uploadEach(tablesOf(context))
    if (file === undefined) throw new InvalidRequest(["Field 'file' is required"])
    return prepare(context, file.id).catch(async (error: unknown) => {
      await files.delete(file.id)
      throw error
    })
  })

  const uploaded = {
    ...told,
    summary: "Prepares an import of a product file that was uploaded before",
    description: `${description} \`file_key\` is the \`filename\` that the answer with the signed URL has, or the id of a file.`,
    body: Import,
    example: { fileKey: "private/01k-products.csv", originalname: "Products.csv", mimeType: "text/csv" },
  }
  post("/imports", uploaded, async (context) => {
    const { fileKey } = context.body
    const files = context.resolve<FileService>(FileService)
    const { id } = fileKey.startsWith("file_") ? { id: fileKey } : await files.confirm(fileKey)
    await files.getReadable(id, readableBy(context.identity))
    return prepare(context, id)
  })

  const confirmation = {
    summary: "Has a prepared import done",
    params: paramsOf("/:id"),
    response: z.object({}),
    permissions: ["product:import"],
    status: 202,
  }
  post("/imports/:id/confirm", confirmation, async (context) => {
    const { id } = context.params
    await recorded(context, "confirmed", async () => {
      await context.resolve<BulkOperations>(BulkOperations).confirm(id)
      return id
    })
    return {}
  })
})

/** Browsers call a CSV many things. Only those have it who may read or import products. */
async function* tablesOf(context: Parameters<typeof uploadsOf>[0]): AsyncGenerator<UploadFile> {
  for await (const file of uploadsOf(context, "private")) {
    yield { ...file, mimeType: "text/csv", readableWith: [...readableWith["product-import"]] }
  }
}

type Asked = Asking & Pick<HandlerContext<Staff, undefined, typeof Defaults, undefined>, "query">

/** Reads the file outside of any transaction. */
async function prepare(context: Asked, fileId: string): Promise<object> {
  const { resolve, identity, query } = context
  const { currency_code, sales_channel_id } = query
  if (sales_channel_id !== undefined) await assertThere({ resolve }, "sales_channel", [sales_channel_id])
  const { transactionId, summary } = await resolve<BulkOperations>(BulkOperations).prepareProductImport({
    fileId,
    requestedBy: identity.actorId,
    ...(currency_code !== undefined && { currencyCode: currency_code }),
    ...(sales_channel_id !== undefined && { salesChannelId: sales_channel_id }),
  })
  await recorded(context, "created", async () => transactionId)
  return { transaction_id: transactionId, summary }
}
