import { FulfillmentFlow } from "@marquetry/flows"
import type { RequestInfo } from "@marquetry/http"
import { adminRoutes } from "../kit/admin-routes.ts"
import { assertThere } from "../kit/link-changes.ts"
import { Notice, OrderFulfillment, Shipment } from "./order-bodies.ts"
import { orders } from "./order-resources.ts"

const flowOf = ({ resolve }: Pick<RequestInfo, "resolve">) => resolve<FulfillmentFlow>(FulfillmentFlow)

const label = { trackingNumber: "1Z", trackingUrl: "https://track.example/1Z", labelUrl: "https://label.example/1Z" }

/** What is sent of an order. */
export const orderFulfillmentRoutes = adminRoutes("/admin/orders", orders, (verbs) => {
  verbs.change(
    "/:id/fulfillments",
    {
      summary: "Packs pieces of an order, to be sent together",
      description: "Takes them from stock. Each piece can be packed once.",
      body: OrderFulfillment,
      example: { items: [{ id: "ordli_01", quantity: 1 }] },
      permissions: ["fulfillment:create"],
      action: "fulfilled",
    },
    async (context) => {
      const { identity, params, body } = context
      await assertThere(context, "stock_location", [body.locationId ?? []].flat())
      return flowOf(context).create(params.id, body, identity.actorId)
    },
    (context, { id }) => flowOf(context).handOver(id),
  )
  verbs.change(
    "/:id/fulfillments/:fulfillment_id/cancel",
    {
      summary: "Unpacks what was not shipped, and puts it back",
      body: Notice,
      example: { noNotification: true },
      permissions: ["fulfillment:cancel"],
      action: "fulfillment_canceled",
    },
    (context) => flowOf(context).prepareCancel(context.params.id, context.params.fulfillment_id, context.body),
    async (context, isLater) => {
      const { params, body } = context
      if (isLater) await flowOf(context).cancel(params.id, params.fulfillment_id, body)
    },
  )
  verbs.change(
    "/:id/fulfillments/:fulfillment_id/shipments",
    {
      summary: "Says that a fulfillment is with a carrier",
      body: Shipment,
      example: { items: [{ id: "ordli_01", quantity: 1 }], labels: [label] },
      permissions: ["fulfillment:update"],
      action: "shipped",
    },
    (context) => {
      const { identity, params, body } = context
      return flowOf(context).ship(params.id, params.fulfillment_id, body, identity.actorId)
    },
  )
  verbs.change(
    "/:id/fulfillments/:fulfillment_id/mark-as-delivered",
    {
      summary: "Says that a fulfillment has reached the customer",
      body: Notice,
      example: { noNotification: true },
      permissions: ["fulfillment:update"],
      action: "delivered",
    },
    (context) => flowOf(context).deliver(context.params.id, context.params.fulfillment_id, context.body),
  )
})
