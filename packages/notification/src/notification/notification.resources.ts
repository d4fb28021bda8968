import { defineResource } from "@marquetry/kernel"
import { Notification } from "./notification.entity.ts"

export const notificationResource = defineResource("notification", Notification, {
  private: ["nextAttemptAt"],
  search: ["to", "template"],
})
