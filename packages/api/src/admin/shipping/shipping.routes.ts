import { fulfillmentProviderRoutes } from "./fulfillment-providers.routes.ts"
import { fulfillmentSetRoutes } from "./fulfillment-sets.routes.ts"
import { shippingOptionTypeRoutes } from "./shipping-option-types.routes.ts"
import { shippingOptionRoutes } from "./shipping-options.routes.ts"
import { shippingProfileRoutes } from "./shipping-profiles.routes.ts"

/** How goods are sent: who sends them, from where and whereto, in which ways and for how much. */
export const shippingRoutes = [
  ...fulfillmentProviderRoutes,
  ...fulfillmentSetRoutes,
  ...shippingProfileRoutes,
  ...shippingOptionTypeRoutes,
  ...shippingOptionRoutes,
]
