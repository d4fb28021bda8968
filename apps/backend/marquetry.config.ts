import { join } from "node:path"
import { adminApi, authApi, filesApi, storeApi } from "@marquetry/api"
import { apiKeyModule } from "@marquetry/api-key"
import { authModule } from "@marquetry/auth"
import { cartModule } from "@marquetry/cart"
import { currencyModule } from "@marquetry/currency"
import { customerModule } from "@marquetry/customer"
import { fileModule, localFiles } from "@marquetry/file"
import { commerceLinks } from "@marquetry/flows"
import { defineConfig, definePlugin, type Config, type Environment } from "@marquetry/framework"
import { fulfillmentModule } from "@marquetry/fulfillment"
import { inventoryModule } from "@marquetry/inventory"
import { logProvider, notificationModule } from "@marquetry/notification"
import { orderModule } from "@marquetry/order"
import { manualPayment, paymentModule } from "@marquetry/payment"
import { pricingModule } from "@marquetry/pricing"
import { productModule } from "@marquetry/product"
import { promotionModule } from "@marquetry/promotion"
import { regionModule } from "@marquetry/region"
import { salesChannelModule } from "@marquetry/sales-channel"
import { stockLocationModule } from "@marquetry/stock-location"
import { storeModule } from "@marquetry/store"
import { taxModule } from "@marquetry/tax"
import { userModule } from "@marquetry/user"
import { housekeeping } from "./src/housekeeping.ts"
import { fileSecret } from "./src/secrets.ts"

/** The drawings of the demo catalogue. */
const demoImages = definePlugin({
  name: "demo-images",
  files: { "/demo/images": join(import.meta.dirname, "demo/images") },
})

/** What is uploaded, on a disk of this machine. */
const disk = ({ dataDirectory, publicUrl, jwtSecret }: Environment) =>
  localFiles({
    directory: join(dataDirectory, "files"),
    baseUrl: `${publicUrl}/static`,
    secret: fileSecret(jwtSecret),
  })

/** What this shop is made of. `environment.jwtSecret` must be one of its own: see `src/secrets.ts`. */
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
      stockLocationModule,
      inventoryModule,
      customerModule,
      authModule({ jwtSecret: environment.jwtSecret }),
      promotionModule,
      taxModule(),
      fulfillmentModule(),
      paymentModule({ providers: [manualPayment] }),
      notificationModule({ providers: [logProvider()] }),
      fileModule({ providers: [disk(environment)] }),
      cartModule,
      orderModule,
      userModule(),
    ],
    links: commerceLinks,
    plugins: [
      storeApi(),
      authApi(),
      adminApi({ firstUser: { email: environment.adminEmail, password: environment.adminPassword } }),
      filesApi({ origins: [...environment.cors.admin, ...environment.cors.store] }),
      housekeeping,
      demoImages,
    ],
  })
