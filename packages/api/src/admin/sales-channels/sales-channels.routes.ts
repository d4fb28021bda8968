import { productSalesChannel, SalesChannelFlow } from "@marquetry/flows"
import { compares, equals } from "@marquetry/http"
import { CreateSalesChannel, SalesChannelService, UpdateSalesChannel } from "@marquetry/sales-channel"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { productsThat } from "../kit/beside.ts"
import { dates } from "../kit/filters.ts"
import { changeLinks, LinkChanges } from "../kit/link-changes.ts"

const salesChannels = new AdminResource({
  resource: "sales_channel",
  singular: "sales_channel",
  plural: "sales_channels",
  object: "sales-channel",
  defaults: "id, name, description, is_disabled, created_at, updated_at, deleted_at, metadata",
  list: {
    limit: 20,
    filters: {
      id: equals(),
      name: compares(),
      description: equals(),
      is_disabled: equals(),
      location_id: equals("stock_locations.id"),
      publishable_key_id: equals("api_keys.id"),
      ...dates,
    },
    logic: true,
  },
})

export const salesChannelRoutes = adminRoutes("/admin/sales-channels", salesChannels, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create({ body: CreateSalesChannel, example: { name: "Web shop" } }, ({ resolve, body }) =>
    resolve<SalesChannelService>(SalesChannelService).create(body),
  )
  verbs.update({ body: UpdateSalesChannel, example: { isDisabled: true } }, ({ resolve, params, body }) =>
    resolve<SalesChannelService>(SalesChannelService).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<SalesChannelFlow>(SalesChannelFlow).delete(params.id))
  verbs.change(
    "/:id/products",
    {
      summary: "Sells products in a sales channel, or no longer",
      body: LinkChanges,
      example: { add: ["prod_01"], remove: [] },
      action: "products_changed",
      beside: (context) => productsThat(context, context.body, { sales_channels: { id: context.params.id } }),
    },
    (context) => changeLinks(context, productSalesChannel, "right", context.params.id, context.body),
  )
})
