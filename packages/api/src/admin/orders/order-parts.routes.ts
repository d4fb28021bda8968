import { OrderShipping } from "@marquetry/flows"
import { RawJson, type ResourceAnswer } from "@marquetry/http"
import { ResourceRegistry } from "@marquetry/kernel"
import { adminRoutes, paramsOf, withVersion } from "../kit/admin-routes.ts"
import { listOfParts } from "../kit/list-of-parts.ts"
import { snapshotsOf } from "../kit/recorded.ts"
import { versionOf, versionWith } from "../kit/versions.ts"
import { orderChanges } from "../order-changes/order-changes.routes.ts"
import { previewOf, previewSchema } from "./order-preview.ts"
import { orderItems, orders, orderShippingOptions } from "./order-resources.ts"

const permissions = ["order:read"]

/** What is read below an order. */
export const orderPartRoutes = adminRoutes("/admin/orders", orders, (verbs) => {
  listOfParts(verbs, "/:id/line-items", { of: orders, parts: orderItems, owner: "order_id", permissions })
  listOfParts(verbs, "/:id/changes", { of: orders, parts: orderChanges, owner: "order_id", permissions })

  const { schemas } = orders.whole.one
  const preview = {
    ...schemas,
    summary: "Reads an order as it would be with its open change",
    response: { ...orders.whole.answer.response, extend: previewSchema },
    permissions,
    versioned: true,
  }
  verbs.verbs.get("/:id/preview", preview, async (context) => {
    const { id } = context.params
    const row = (await snapshotsOf(context, orders, [id])).get(id)
    const registry = context.resolve<ResourceRegistry>(ResourceRegistry)
    const answer = await previewOf(context, await orders.of("one", context.identity, registry).handle(context))
    return withVersion(context, versionWith(versionOf(context, orders, row), answer.text), answer)
  })

  verbs.verbs.get(
    "/:id/shipping-options",
    {
      ...orderShippingOptions.whole.list.schemas,
      summary: "Lists how an order can be sent",
      response: { ...(orderShippingOptions.whole.list.schemas.response as ResourceAnswer), whole: true },
      params: paramsOf("/:id"),
      query: orderShippingOptions.whole.answer.query,
      permissions,
    },
    async (context) => {
      const { resolve, params, identity } = context
      const options = await resolve<OrderShipping>(OrderShipping).optionsOf(params.id)
      const offered = new Map(options.map((option) => [option.id, option]))
      const { rows } = orderShippingOptions.of("answer", identity, resolve<ResourceRegistry>(ResourceRegistry))
      return new RawJson(`{"shipping_options":${await rows(context, [...offered.keys()], { offered })}}`)
    },
  )
})
