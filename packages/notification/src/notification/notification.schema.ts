import { z } from "zod"

const name = z.string().trim().min(1).max(200)
const reference = z.string().min(1).max(200).nullable()

export const CreateNotification = z.strictObject({
  /** An address as the channel knows them. */
  to: z.string().trim().min(1).max(500),
  from: z.string().trim().min(1).max(500).nullable().default(null),
  /** `email`, `sms`, `feed` … */
  channel: name,
  template: name,
  data: z.record(z.string(), z.unknown()).nullable().default(null),
  /** What is sent; what the template of that name makes of `data`, unless said. */
  content: z
    .strictObject({
      subject: z.string().max(2_000).optional(),
      text: z.string().max(1_000_000).optional(),
      html: z.string().max(1_000_000).optional(),
    })
    .optional(),
  triggerType: reference.default(null),
  resourceId: reference.default(null),
  resourceType: reference.default(null),
  receiverId: reference.default(null),
  originalNotificationId: reference.default(null),
  /** A notification with a key that there is already is not sent again. */
  idempotencyKey: z.string().min(1).max(500).nullable().default(null),
})
export const CreateNotifications = z.array(CreateNotification).max(1_000)

export type CreateNotification = z.input<typeof CreateNotification>
export type CreateNotifications = z.input<typeof CreateNotifications>
