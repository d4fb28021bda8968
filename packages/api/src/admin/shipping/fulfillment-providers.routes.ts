import { FulfillmentProviders } from "@marquetry/fulfillment"
import { equals } from "@marquetry/http"
import { z } from "zod"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes, paramsOf } from "../kit/admin-routes.ts"

const providers = new AdminResource({
  resource: "fulfillment_provider",
  singular: "fulfillment_provider",
  plural: "fulfillment_providers",
  defaults: "id, is_enabled",
  list: {
    limit: 50,
    filters: { id: equals(), is_enabled: equals(), stock_location_id: equals("locations.id") },
    logic: true,
  },
})

const services = z.object({
  fulfillmentOptions: z.array(z.looseObject({ id: z.string() })),
  count: z.int(),
  offset: z.int(),
  limit: z.int(),
})

export const fulfillmentProviderRoutes = adminRoutes("/admin/fulfillment-providers", providers, (verbs) => {
  verbs.list()
  verbs.verbs.get(
    "/:id/options",
    {
      summary: "Lists what shipping options of a fulfillment provider can be made of",
      params: paramsOf("/:id/options"),
      query: z.strictObject({}),
      response: services,
      permissions: ["fulfillment_provider:read"],
    },
    async ({ resolve, params }) => {
      const options = await resolve<FulfillmentProviders>(FulfillmentProviders).servicesOf(params.id)
      // There are few, and all are answered.
      return { fulfillment_options: options, count: options.length, offset: 0, limit: options.length }
    },
  )
})
