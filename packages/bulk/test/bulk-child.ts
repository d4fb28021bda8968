import { localFiles } from "@marquetry/file"
import { recordingProvider } from "@marquetry/notification/testing"
import { BulkOperations } from "../src/index.ts"
import { openShop } from "./shop.ts"

/** Does one operation in a process of its own: `node bulk-child.ts URL DIRECTORY`. */
const [url, directory] = process.argv.slice(2) as [string, string]

const shop = await openShop(url, {
  files: localFiles({ directory, baseUrl: "https://shop.example/static", secret: "a secret that everybody may know" }),
  messengers: [recordingProvider()],
  bulk: { lease: 1_000 },
})
const ran = await shop.container.resolve(BulkOperations).runNext()
await shop.close()
process.stdout.write(JSON.stringify({ ran }))
