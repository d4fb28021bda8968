/** What is written in a message. */
export interface NotificationContent {
  readonly subject?: string | undefined
  readonly text?: string | undefined
  readonly html?: string | undefined
}

/** A notification as a provider is given it. */
export interface OutgoingNotification {
  /** The same each time it is sent again: a provider that knows idempotency keys uses it as one. */
  readonly id: string
  /** An address as the channel knows them: of e-mail, a telephone number, an id. */
  readonly to: string
  /** The provider's own choice where `null`. */
  readonly from: string | null
  readonly channel: string
  readonly template: string
  readonly data: Readonly<Record<string, unknown>> | null
  /** `null` where there is no function for the template: the provider may know it by name. */
  readonly content: NotificationContent | null
  /** Aborted when sending has taken too long. */
  readonly signal: AbortSignal
}

/**
 * Sends messages on channels: the extension point for mail, SMS and push services.
 *
 * Called outside of any transaction, once the notification is recorded; again, under the same id, after it has thrown or
 * when nobody knows what became of it. Throws `NotificationRefused` where trying again is of no use; anything else is
 * tried again.
 */
export interface NotificationProvider {
  /** Permanent: rows name it. */
  readonly id: string
  /** `email`, `sms`, `feed` …; `*` for those that no other provider has. */
  readonly channels: readonly string[]
  /** @returns the id that the service gave the message, if it gives any. */
  send(notification: OutgoingNotification): Promise<{ externalId?: string | undefined }>
}
