import { taxProviderRoutes } from "./tax-providers.routes.ts"
import { taxRateRoutes } from "./tax-rates.routes.ts"
import { taxRegionRoutes } from "./tax-regions.routes.ts"

/** Where taxes are charged, by whom they are computed, and how much. */
export const taxRoutes = [...taxProviderRoutes, ...taxRegionRoutes, ...taxRateRoutes]
