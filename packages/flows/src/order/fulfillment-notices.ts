import { Query, subscribe, type DependencyContainer, type Subscriber } from "@marquetry/kernel"
import { NotificationService } from "@marquetry/notification"
import { OrderDeliveryRegistered, OrderFulfillmentRegistered, OrderShipmentRegistered } from "@marquetry/order"

interface ParcelRow {
  readonly order: { readonly id: string; readonly displayId: number; readonly email: string | null } | null
  readonly items: readonly { readonly title: string; readonly quantity: string }[]
  readonly labels: readonly { readonly trackingNumber: string; readonly trackingUrl: string }[]
}

const fields = {
  order: { id: true, displayId: true, email: true, noNotification: true },
  items: { title: true, quantity: true },
  labels: { trackingNumber: true, trackingUrl: true },
} as const

/** Tells the order's e-mail address what became of a fulfillment: once for each, however often the event comes. */
function notice(event: typeof OrderShipmentRegistered, template: string) {
  return (container: DependencyContainer): Subscriber =>
    subscribe(event, `notify.${template}`, async ({ payload: { fulfillmentId, noNotification } }) => {
      if (fulfillmentId === undefined || noNotification === true) return
      const { rows } = await container.resolve(Query).listAny("fulfillment", {
        fields,
        filter: { id: fulfillmentId, order: { noNotification: false } },
        limit: 1,
        count: false,
      })
      const parcel = rows[0] as unknown as ParcelRow | undefined
      const order = parcel?.order ?? null
      if (parcel === undefined || order === null || order.email === null) return
      await container.resolve(NotificationService).create({
        to: order.email,
        channel: "email",
        template,
        data: {
          order_id: order.id,
          display_id: order.displayId,
          fulfillment_id: fulfillmentId,
          items: parcel.items.map(({ title, quantity }) => ({ title, quantity: Number(quantity) })),
          labels: parcel.labels.map((label) => {
            return { tracking_number: label.trackingNumber, tracking_url: label.trackingUrl }
          }),
        },
        resourceType: "fulfillment",
        resourceId: fulfillmentId,
        idempotencyKey: `${template}:${fulfillmentId}`,
      })
    })
}

/**
 * Tell customers what was packed, sent and delivered, by the notifications `order.fulfillment-created`,
 * `order.shipment-created` and `order.delivered`. Apart from the flow: what cannot be told is tried again, and undoes nothing.
 */
export const fulfillmentNotices = [
  notice(OrderFulfillmentRegistered, "order.fulfillment-created"),
  notice(OrderShipmentRegistered, "order.shipment-created"),
  notice(OrderDeliveryRegistered, "order.delivered"),
] as const
