import { definePlugin, type Plugin } from "@marquetry/framework"
import { commerce } from "../commerce.plugin.ts"
import { paymentHookRoutes } from "../hooks/payment-hooks.routes.ts"
import { cartRoutes } from "./carts/carts.routes.ts"
import { catalogueRoutes } from "./catalogue.routes.ts"
import { addressRoutes } from "./customers/addresses.routes.ts"
import { customerRoutes } from "./customers/customers.routes.ts"
import { orderRoutes } from "./orders/orders.routes.ts"
import { paymentRoutes } from "./payment/payment.routes.ts"
import { productCategoryRoutes } from "./product-categories.routes.ts"
import { productRoutes } from "./products.routes.ts"
import { regionRoutes } from "./regions.routes.ts"
import { shippingOptionRoutes } from "./shipping/shipping-options.routes.ts"

/** The Store API: what a storefront reads and does, from browsing to an order. */
export function storeApi(): Plugin {
  return definePlugin({
    name: "@marquetry/api/store",
    needs: [commerce],
    routes: [
      ...regionRoutes,
      ...productRoutes,
      ...productCategoryRoutes,
      ...catalogueRoutes,
      ...cartRoutes,
      ...shippingOptionRoutes,
      ...paymentRoutes,
      ...paymentHookRoutes,
      ...orderRoutes,
      ...customerRoutes,
      ...addressRoutes,
    ],
  })
}
