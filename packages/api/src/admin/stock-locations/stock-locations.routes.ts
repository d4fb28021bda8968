import {
  CreateFulfillmentSetInput,
  CreateStockLocationInput,
  FulfillmentSetFlow,
  salesChannelStockLocation,
  StockLocationFlow,
  UpdateStockLocationInput,
} from "@marquetry/flows"
import { equals } from "@marquetry/http"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"
import { changeLinks, LinkChanges } from "../kit/link-changes.ts"

const locations = new AdminResource({
  resource: "stock_location",
  singular: "stock_location",
  plural: "stock_locations",
  defaults: [
    "id, name, metadata, created_at, updated_at, address.id, address.address_1, address.address_2, address.city",
    "address.country_code, address.phone, address.province, address.postal_code, address.metadata",
  ].join(", "),
  snapshot: "address.company, fulfillment_sets.id, fulfillment_providers.id, sales_channels.id",
  list: {
    limit: 20,
    filters: {
      id: equals(),
      name: equals(),
      address_id: equals(),
      sales_channel_id: equals("sales_channels.id"),
      ...dates,
    },
    logic: true,
  },
})

export const stockLocationRoutes = adminRoutes("/admin/stock-locations", locations, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create(
    {
      body: CreateStockLocationInput,
      example: { name: "Warehouse", address: { address1: "Am Speicher 1", city: "Hamburg", countryCode: "de" } },
    },
    ({ resolve, body }) => resolve<StockLocationFlow>(StockLocationFlow).create(body),
  )
  verbs.update({ body: UpdateStockLocationInput, example: { name: "Main warehouse" } }, ({ resolve, params, body }) =>
    resolve<StockLocationFlow>(StockLocationFlow).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<StockLocationFlow>(StockLocationFlow).delete(params.id), {
    description:
      "A location is deleted with its fulfillment sets and their shipping options, once nothing is kept there.",
  })
  verbs.change(
    "/:id/fulfillment-sets",
    {
      summary: "Adds a way of sending goods from a stock location",
      body: CreateFulfillmentSetInput,
      example: { name: "Parcels", type: "shipping" },
      action: "fulfillment_set_added",
    },
    ({ resolve, params, body }) => resolve<FulfillmentSetFlow>(FulfillmentSetFlow).create(params.id, body),
  )
  verbs.change(
    "/:id/fulfillment-providers",
    {
      summary: "Says who sends goods from a stock location",
      description: "Shoppers are offered the shipping options of these providers alone.",
      body: LinkChanges,
      example: { add: ["manual_manual"] },
      action: "fulfillment_providers_changed",
    },
    ({ resolve, params, body }) => resolve<StockLocationFlow>(StockLocationFlow).changeProviders(params.id, body),
  )
  verbs.change(
    "/:id/sales-channels",
    {
      summary: "Says for which sales channels goods are kept at a stock location",
      body: LinkChanges,
      example: { add: ["sc_01"] },
      action: "sales_channels_changed",
    },
    (context) => changeLinks(context, salesChannelStockLocation, "right", context.params.id, context.body),
  )
})
