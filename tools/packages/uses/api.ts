import { authApi, storeApi } from "@marquetry/api"
import { ApiKeyService, apiKeyModule } from "@marquetry/api-key"
import { authModule } from "@marquetry/auth"
import { cartModule } from "@marquetry/cart"
import { currencyModule } from "@marquetry/currency"
import { customerModule } from "@marquetry/customer"
import { apiKeySalesChannel, commerceLinks } from "@marquetry/flows"
import { createBackend, defineConfig, readEnvironment } from "@marquetry/framework"
import { fulfillmentModule } from "@marquetry/fulfillment"
import { inventoryModule } from "@marquetry/inventory"
import { Links } from "@marquetry/kernel"
import { logProvider, notificationModule } from "@marquetry/notification"
import { orderModule } from "@marquetry/order"
import { paymentModule } from "@marquetry/payment"
import { pricingModule } from "@marquetry/pricing"
import { productModule } from "@marquetry/product"
import { promotionModule } from "@marquetry/promotion"
import { regionModule, RegionService } from "@marquetry/region"
import { SalesChannelService, salesChannelModule } from "@marquetry/sales-channel"
import { stockLocationModule } from "@marquetry/stock-location"
import { storeModule } from "@marquetry/store"
import { taxModule } from "@marquetry/tax"

const catalogue = [
  storeModule,
  salesChannelModule,
  apiKeyModule,
  currencyModule,
  regionModule,
  productModule,
  pricingModule,
]
const stock = [stockLocationModule, inventoryModule, fulfillmentModule()]
const people = [
  customerModule,
  authModule({ jwtSecret: "a secret that everybody may know, for a trial" }),
  notificationModule({ providers: [logProvider()] }),
]
const sales = [promotionModule, taxModule(), paymentModule(), cartModule, orderModule]

async function main(): Promise<void> {
  const { composition, listen, close } = await createBackend(
    defineConfig({
      environment: readEnvironment({ DATABASE_URL: process.env["DATABASE_URL"], PORT: "0", LOG_LEVEL: "silent" }),
      modules: [...catalogue, ...stock, ...people, ...sales],
      links: commerceLinks,
      plugins: [storeApi(), authApi()],
    }),
  )
  const { container } = composition
  await container.resolve(RegionService).create({ name: "Japan", currencyCode: "jpy", countries: ["jp"] })
  const { id: web } = await container.resolve(SalesChannelService).create({ name: "Web" })
  const { id, token } = await container.resolve(ApiKeyService).create({ title: "Web", type: "publishable" })
  await container.resolve(Links).add(apiKeySalesChannel, [[id, web]])
  const address = await listen()
  const headers = { "x-publishable-api-key": token }
  const answer = await fetch(`${address}/store/carts`, { method: "POST", headers })
  const { cart } = (await answer.json()) as { cart?: { currency_code: string } }
  await close()
  if (cart?.currency_code !== "jpy") throw new Error(`Refused with ${answer.status}`)
  console.log("ok")
}

void main()
