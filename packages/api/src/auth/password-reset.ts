import { PasswordResetService } from "@marquetry/auth"
import { defineEvent, subscribe, type DependencyContainer, type Subscriber } from "@marquetry/kernel"
import { NotificationService } from "@marquetry/notification"
import { z } from "zod"

/** Somebody asked for a new password, who may be known or not. */
export const PasswordResetAsked = defineEvent(
  "auth.password_reset_asked",
  z.object({
    /** Of the request. */
    id: z.string(),
    actorType: z.string(),
    provider: z.string(),
    identifier: z.string(),
    /** What the client wants the message to know. */
    metadata: z.record(z.string(), z.unknown()).nullable(),
  }),
)

/** What {@link sendResetToken} names the notification that it sends. */
export const RESET_TEMPLATE = "auth.password-reset"

/**
 * Makes the token and sends it, behind the answer to the request: whether there is somebody to send it to does not show in
 * how long the answer takes. `metadata` comes from whoever asked: a template must not trust it.
 */
export function sendResetToken(container: DependencyContainer): Subscriber {
  return subscribe(PasswordResetAsked, "api.send-reset-token", async ({ id, payload }) => {
    const { actorType, provider, identifier, metadata } = payload
    const reset = await container.resolve(PasswordResetService).requestReset(provider, identifier, actorType)
    if (reset === null) return
    await container.resolve(NotificationService).create({
      to: reset.entityId,
      channel: "email",
      template: RESET_TEMPLATE,
      data: {
        token: reset.token,
        actor_type: actorType,
        identifier: reset.entityId,
        ...(metadata !== null && { metadata }),
      },
      triggerType: PasswordResetAsked.name,
      idempotencyKey: id,
    })
  })
}
