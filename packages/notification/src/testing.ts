import type { CreateNotification } from "./notification/notification.schema.ts"
import type { NotificationProvider, OutgoingNotification } from "./provider/notification-provider.ts"

/** An e-mail to somebody, with something to say. */
export const aNotification = (overrides: Partial<CreateNotification> = {}): CreateNotification => ({
  to: "somebody@example.com",
  channel: "email",
  template: "test.sent",
  content: { subject: "Test", text: "It works" },
  ...overrides,
})

/** A provider that keeps what it sends. */
export interface RecordingProvider extends NotificationProvider {
  readonly sent: OutgoingNotification[]
  /** What happens before the next ones are kept: throw, to make them fail. */
  before: ((notification: OutgoingNotification) => void | Promise<void>) | undefined
}

export function recordingProvider(channels: readonly string[] = ["*"], id = "recording"): RecordingProvider {
  const provider: RecordingProvider = {
    id,
    channels,
    sent: [],
    before: undefined,
    send: async (notification) => {
      await provider.before?.(notification)
      provider.sent.push(notification)
      return { externalId: `external_${provider.sent.length}` }
    },
  }
  return provider
}
