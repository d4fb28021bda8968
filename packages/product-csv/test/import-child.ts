import { Readable } from "node:stream"
import { productImporter, readShopifyCsv } from "../src/index.ts"
import { aRow, csvOf, type Row } from "./csv.ts"
import { openShop } from "./shop.ts"

/** Imports generated products in a process of its own: `node import-child.ts URL COUNT BATCH_SIZE`. */
const [url, count, batchSize] = process.argv.slice(2) as [string, string, string]

/** Products as they come, so that the file is never in memory as a whole. */
function* lines(): Generator<string> {
  for (let product = 0; product < Number(count); product++) {
    const handle = `p-${product}`
    const size = (index: number): Row => ({
      Handle: handle,
      "Option1 Value": String(index),
      "Variant SKU": `${handle}-${index}`,
      "Variant Price": "10",
      "Variant Compare At Price": "12",
    })
    const first = aRow({ ...size(0), Title: `Product ${product}`, Tags: `t${product % 7}`, "Option1 Name": "Size" })
    const text = csvOf([{ ...first, "Body (HTML)": "words ".repeat(100) }, size(1), size(2)])
    yield product === 0 ? text : text.slice(text.indexOf("\n") + 1)
  }
}

const composition = await openShop(url)
const summary = await productImporter(composition.container).run(readShopifyCsv(Readable.from(lines())), {
  prices: [{ currencyCode: "eur" }],
  batchSize: Number(batchSize),
  onProgress: ({ created, updated, unchanged }) => {
    process.stdout.write(`${JSON.stringify({ done: created + updated + unchanged })}\n`)
  },
})
await composition.close()
process.stdout.write(`${JSON.stringify(summary)}\n`)
