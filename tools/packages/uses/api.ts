import { storeApi } from "@marquetry/api"
import { ApiKeyService, apiKeyModule } from "@marquetry/api-key"
import { currencyModule } from "@marquetry/currency"
import { commerceLinks } from "@marquetry/flows"
import { createBackend, defineConfig, readEnvironment } from "@marquetry/framework"
import { pricingModule } from "@marquetry/pricing"
import { productModule } from "@marquetry/product"
import { regionModule, RegionService } from "@marquetry/region"
import { salesChannelModule } from "@marquetry/sales-channel"
import { storeModule } from "@marquetry/store"

async function main(): Promise<void> {
  const { composition, listen, close } = await createBackend(
    defineConfig({
      environment: readEnvironment({ DATABASE_URL: process.env["DATABASE_URL"], PORT: "0", LOG_LEVEL: "silent" }),
      modules: [
        storeModule,
        salesChannelModule,
        apiKeyModule,
        currencyModule,
        regionModule,
        productModule,
        pricingModule,
      ],
      links: commerceLinks,
      plugins: [storeApi()],
    }),
  )
  await composition.container.resolve(RegionService).create({ name: "Japan", currencyCode: "jpy", countries: ["jp"] })
  const { token } = await composition.container.resolve(ApiKeyService).create({ title: "Web", type: "publishable" })
  const address = await listen()
  const answer = await fetch(`${address}/store/regions`, { headers: { "x-publishable-api-key": token } })
  const { regions } = (await answer.json()) as { regions: { currency_code: string }[] }
  await close()
  if (regions[0]?.currency_code !== "jpy") throw new Error(JSON.stringify(regions))
  console.log("ok")
}

void main()
