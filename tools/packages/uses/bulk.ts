import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { apiKeyModule } from "@marquetry/api-key"
import { bulkJobs, bulkModule, BulkOperations, type BulkOperationView } from "@marquetry/bulk"
import { fileModule, FileService, localFiles } from "@marquetry/file"
import { catalogueLinks } from "@marquetry/flows"
import { compose } from "@marquetry/kernel"
import { logProvider, notificationModule } from "@marquetry/notification"
import { pricingModule } from "@marquetry/pricing"
import { productModule } from "@marquetry/product"
import { salesChannelModule } from "@marquetry/sales-channel"

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "bulk-"))
  const secret = "a secret that everybody may know"
  const disk = localFiles({ directory, baseUrl: "https://shop.example/static", secret })
  const { container, migrate, close } = await compose({
    database: process.env["DATABASE_URL"],
    modules: [
      apiKeyModule,
      pricingModule,
      productModule,
      salesChannelModule,
      fileModule({ providers: [disk] }),
      notificationModule({ providers: [logProvider({ log: () => {} })] }),
      bulkModule({ startsAtOnce: false }),
    ],
    links: catalogueLinks,
  })
  await migrate()
  const content = Buffer.from("Product Handle,Product Title,Variant Price EUR\nlamp,Lamp,19.99\n")
  const { id: fileId } = await container.resolve(FileService).upload({ filename: "products.csv", content })
  const operations = container.resolve(BulkOperations)
  const { transactionId, summary } = await operations.prepareProductImport({ fileId })
  await operations.confirm(transactionId)
  for (const { run } of bulkJobs) await run(container, new AbortController().signal)
  const done: BulkOperationView = await operations.get(transactionId)
  await close()
  rmSync(directory, { recursive: true })
  if (summary.toCreate !== 1 || done.status !== "done") throw new Error(JSON.stringify(done))
  console.log("ok")
}

void main()
