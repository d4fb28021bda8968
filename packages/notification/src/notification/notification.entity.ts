import { defineEntity, id, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import type { NotificationContent } from "../provider/notification-provider.ts"

export const notificationStatuses = ["pending", "success", "failure"] as const

const NotificationTable = defineEntity({
  name: "Notification",
  indexes: [
    searchIndex("notification", "notification", ["to", "template"]),
    { name: "notification_created_at_index", properties: ["createdAt", "id"] },
    {
      name: "notification_next_attempt_at_index",
      expression: `create index "notification_next_attempt_at_index" on "notification"."notification" ("next_attempt_at") where "next_attempt_at" is not null`,
    },
  ],
  properties: {
    id: id("noti"),
    to: p.text(),
    from: p.text().strictNullable().default(null),
    channel: p.text(),
    /** Names what is told: the key of a function that writes it, or a template of the provider's. */
    template: p.text(),
    /** What the template is filled with. */
    data: p.json<Record<string, unknown>>().strictNullable().default(null),
    /** As it is sent, each time it is tried. */
    content: p.json<NotificationContent>().strictNullable().default(null),
    /** What it was sent for: the name of an event. */
    triggerType: p.text().strictNullable().default(null),
    resourceId: p.text().strictNullable().default(null).index("notification_resource_id_index"),
    resourceType: p.text().strictNullable().default(null),
    /** Id of the customer or user who gets it. */
    receiverId: p.text().strictNullable().default(null).index("notification_receiver_id_index"),
    /** Of the notification that this one repeats. */
    originalNotificationId: p.text().strictNullable().default(null),
    idempotencyKey: p.text().strictNullable().default(null).unique("notification_idempotency_key_unique"),
    /** What the provider's service calls it. */
    externalId: p.text().strictNullable().default(null),
    providerId: p.text(),
    status: p.enum(notificationStatuses).default("pending"),
    attempts: p.integer().default(0),
    /** Why the last attempt failed. */
    lastError: p.text().strictNullable().default(null),
    /** When it is tried next, by whoever comes first; `null` when it is not. */
    nextAttemptAt: p.datetime(3).strictNullable().default(null),
    ...timestamps,
    ...softDelete,
  },
})

/** A message to somebody, on one channel. */
export class Notification extends NotificationTable.class {}
NotificationTable.setClass(Notification)
