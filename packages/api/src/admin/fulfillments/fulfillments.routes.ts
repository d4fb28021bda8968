import { FulfillmentFlow } from "@marquetry/flows"
import { CreateFulfillment } from "@marquetry/fulfillment"
import type { RequestInfo } from "@marquetry/http"
import { ResourceRegistry } from "@marquetry/kernel"
import { z } from "zod"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { createRow } from "../kit/changes.ts"
import { assertThere } from "../kit/link-changes.ts"

/** What is sent together: whatever order it is of. */
export const fulfillments = new AdminResource({
  resource: "fulfillment",
  singular: "fulfillment",
  plural: "fulfillments",
  defaults: [
    "id, location_id, packed_at, shipped_at, delivered_at, canceled_at, marked_shipped_by, created_by",
    "data, requires_shipping, provider_id, shipping_option_id, delivery_address_id, metadata",
    "created_at, updated_at, deleted_at, *items, *labels, *delivery_address, *provider, *shipping_option",
  ].join(", "),
  list: { limit: 20, filters: {} },
})

const { packedAt, shippedAt, deliveredAt, canceledAt, ...described } = CreateFulfillment.shape
const { id: _id, createdBy: _createdBy, requiresShipping: _requiresShipping, ...writable } = described
const Fulfillment = z.strictObject({
  ...writable,
  packedAt,
  shippedAt,
  deliveredAt,
  canceledAt,
  orderId: writable.locationId,
})
const Shipment = z.strictObject({ labels: writable.labels })

/** Whoever has to do with an order's parcels holds the order before them. */
const first = (context: Pick<RequestInfo, "resolve"> & { readonly params: { readonly id: string } }) =>
  flowOf(context).holdOrderOf(context.params.id)
const flowOf = ({ resolve }: Pick<RequestInfo, "resolve">) => resolve<FulfillmentFlow>(FulfillmentFlow)

const label = { trackingNumber: "1Z", trackingUrl: "https://track.example/1Z", labelUrl: "https://label.example/1Z" }
const example = {
  orderId: "order_01",
  locationId: "sloc_01",
  providerId: "manual_manual",
  items: [{ title: "Shirt", sku: "S-B", barcode: "", quantity: 1, lineItemId: "ordli_01" }],
  deliveryAddress: { firstName: "Ada", city: "London", countryCode: "gb" },
  labels: [],
  data: null,
  metadata: null,
}

const making = adminRoutes("/admin/fulfillments", fulfillments, ({ verbs }) => {
  const { query, response } = fulfillments.whole.answer
  verbs.post(
    "/",
    {
      summary: "Writes down a fulfillment as it is described",
      description: "Of items that name a line of the order, pieces and stock are taken.",
      query,
      response,
      versioned: "answer",
      body: Fulfillment,
      example,
      permissions: ["fulfillment:create"],
      // Its provider is given it.
      external: true,
    },
    async (context) => {
      const { identity, body, resolve } = context
      fulfillments.whole.answer.check(context)
      let made = ""
      const answer = await createRow(context, fulfillments, async () => {
        await assertThere(context, "stock_location", [body.locationId])
        await assertThere(
          context,
          "inventory_item",
          body.items.flatMap(({ inventoryItemId }) => inventoryItemId ?? []),
        )
        const { id } = await flowOf(context).createAs(body, identity.actorId)
        made = id
        return { id }
      })
      if (body.shippedAt !== null || body.deliveredAt !== null || body.canceledAt !== null) return answer
      await flowOf(context).handOver(made)
      return fulfillments.of("answer", identity, resolve<ResourceRegistry>(ResourceRegistry)).send(context, made)
    },
  )
})

const changing = adminRoutes("/admin/fulfillments", fulfillments, (verbs) => {
  verbs.change(
    "/:id/cancel",
    {
      summary: "Unpacks what was not shipped, and puts it back",
      body: z.strictObject({}),
      example: {},
      permissions: ["fulfillment:cancel"],
      first,
      action: "canceled",
    },
    (context) => flowOf(context).prepareCancel(null, context.params.id),
    async (context, isLater) => {
      if (isLater) await flowOf(context).cancel(null, context.params.id)
    },
  )
  verbs.change(
    "/:id/shipment",
    {
      summary: "Says that a fulfillment is with a carrier",
      body: Shipment,
      example: { labels: [label] },
      first,
      action: "shipped",
    },
    (context) => flowOf(context).ship(null, context.params.id, context.body, context.identity.actorId),
  )
})

export const fulfillmentRoutes = [...making, ...changing]
