import { apiKeyModule } from "@marquetry/api-key"
import { cartModule, CartService, type CartView } from "@marquetry/cart"
import { customerModule } from "@marquetry/customer"
import {
  CartFlow,
  checkoutModule,
  commerceFields,
  commerceLinks,
  registerFlows,
  VariantsNotOffered,
  type Shopper,
} from "@marquetry/flows"
import { fulfillmentModule } from "@marquetry/fulfillment"
import { inventoryModule } from "@marquetry/inventory"
import { compose } from "@marquetry/kernel"
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

const catalogue = [storeModule, salesChannelModule, apiKeyModule, regionModule, productModule, pricingModule]
const stock = [stockLocationModule, inventoryModule, fulfillmentModule()]
const sales = [customerModule, promotionModule, taxModule(), paymentModule(), cartModule, orderModule, checkoutModule]

async function main(): Promise<void> {
  const { container, migrate, close } = await compose({
    database: process.env["DATABASE_URL"],
    modules: [...catalogue, ...stock, ...sales],
    links: commerceLinks,
    computed: commerceFields,
    register: registerFlows,
  })
  await migrate()
  const { id: web } = await container.resolve(SalesChannelService).create({ name: "Web shop" })
  await container.resolve(RegionService).create({ name: "Japan", currencyCode: "jpy", countries: ["jp"] })
  const shopper: Shopper = { storefront: { apiKeyId: "apk", salesChannelIds: [web] }, customerId: null }
  const flow = container.resolve(CartFlow)
  const id = await flow.create({ email: "ada@example.com" }, shopper)
  const refusal: unknown = await flow
    .addItems(id, [{ variantId: "variant_none", quantity: 1 }], shopper)
    .catch((error: unknown) => error)
  const cart: CartView = await container.resolve(CartService).get(id)
  await close()
  if (cart.currencyCode !== "jpy" || !(refusal instanceof VariantsNotOffered)) throw new Error(String(refusal))
  console.log("ok")
}

void main()
