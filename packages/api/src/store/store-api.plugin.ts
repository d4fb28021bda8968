import { calculatedPrice, registerFlows } from "@marquetry/flows"
import { definePlugin, type Plugin } from "@marquetry/framework"
import { catalogueRoutes } from "./catalogue.routes.ts"
import { productCategoryRoutes } from "./product-categories.routes.ts"
import { productRoutes } from "./products.routes.ts"
import { regionRoutes } from "./regions.routes.ts"

/** The Store API: what a storefront reads and, later, does. */
export function storeApi(): Plugin {
  return definePlugin({
    name: "@marquetry/api/store",
    computed: [calculatedPrice],
    register: registerFlows,
    routes: [...regionRoutes, ...productRoutes, ...productCategoryRoutes, ...catalogueRoutes],
  })
}
