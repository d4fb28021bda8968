import { Readable } from "node:stream"
import { catalogueLinks } from "@marquetry/flows"
import { apiKeyModule } from "@marquetry/api-key"
import { compose } from "@marquetry/kernel"
import { pricingModule } from "@marquetry/pricing"
import { productModule } from "@marquetry/product"
import { productImporter, readShopifyCsv, type ImportSummary } from "@marquetry/product-csv"
import { salesChannelModule } from "@marquetry/sales-channel"

const file = `Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price
shirt,Shirt,Size,S,SHIRT-S,19.90
shirt,,,M,SHIRT-M,19.90
`

async function main(): Promise<void> {
  const { container, migrate, close } = await compose({
    database: process.env["DATABASE_URL"],
    modules: [apiKeyModule, pricingModule, productModule, salesChannelModule],
    links: catalogueLinks,
  })
  await migrate()
  const rows = readShopifyCsv(Readable.from([Buffer.from(file)]))
  const summary: ImportSummary = await productImporter(container).run(rows, { prices: [{ currencyCode: "eur" }] })
  await close()
  if (summary.created !== 1 || summary.variants !== 2) throw new Error(JSON.stringify(summary))
  console.log("ok")
}

void main()
