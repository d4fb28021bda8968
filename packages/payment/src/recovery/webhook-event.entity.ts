import { defineEntity, p } from "@marquetry/kernel"

const PaymentWebhookEventTable = defineEntity({
  name: "PaymentWebhookEvent",
  tableName: "webhook_event",
  properties: {
    /** The provider's id, and behind it the event's. */
    id: p.text().primary(),
    receivedAt: p.datetime(3).index("webhook_event_received_at_index"),
  },
})

/** News of a provider that has been heard: it comes again, and changes nothing. */
export class PaymentWebhookEvent extends PaymentWebhookEventTable.class {}
PaymentWebhookEventTable.setClass(PaymentWebhookEvent)
