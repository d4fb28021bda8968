import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

/** A notification was not sent, and will not be tried again. */
export const NotificationFailed = defineEvent(
  "notification.failed",
  z.object({ id: z.string(), channel: z.string(), template: z.string(), message: z.string() }),
)
