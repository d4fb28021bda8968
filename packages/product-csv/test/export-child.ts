import { readCatalogue, writeMedusaCsv } from "../src/index.ts"
import { openShop } from "./shop.ts"

/** Writes a whole catalogue in a process of its own, and tells how many lines it has: `node export-child.ts URL`. */
const [url] = process.argv.slice(2) as [string]

const composition = await openShop(url)
let lines = 0
for await (const chunk of writeMedusaCsv(() => readCatalogue(composition.container)) as AsyncIterable<Buffer>) {
  lines += chunk.toString().split("\n").length - 1
}
await composition.close()
process.stdout.write(`${JSON.stringify({ lines })}\n`)
