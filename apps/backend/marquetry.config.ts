import { join } from "node:path"
import { storeApi } from "@marquetry/api"
import { apiKeyModule } from "@marquetry/api-key"
import { currencyModule } from "@marquetry/currency"
import { commerceLinks } from "@marquetry/flows"
import { defineConfig, definePlugin, type Config, type Environment } from "@marquetry/framework"
import { pricingModule } from "@marquetry/pricing"
import { productModule } from "@marquetry/product"
import { regionModule } from "@marquetry/region"
import { salesChannelModule } from "@marquetry/sales-channel"
import { storeModule } from "@marquetry/store"

/** The drawings of the demo catalogue. */
const demoImages = definePlugin({
  name: "demo-images",
  files: { "/demo/images": join(import.meta.dirname, "demo/images") },
})

/** What this shop is made of. */
export const configure = (environment: Environment): Config =>
  defineConfig({
    environment,
    title: "Marquetry",
    version: "0.1.0",
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
    plugins: [storeApi(), demoImages],
  })
