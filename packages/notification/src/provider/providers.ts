import type { Database } from "@marquetry/kernel"
import { ChannelUnknown, SendingTimedOut } from "../notification/notification.errors.ts"
import type { NotificationContent, NotificationProvider, OutgoingNotification } from "./notification-provider.ts"

/** Writes a message from what is known: the shop's words. */
export type Template = (data: Readonly<Record<string, unknown>>) => NotificationContent | Promise<NotificationContent>
export type Templates = Readonly<Record<string, Template>>

/** The providers of a configuration by channel, and the one way to call them. */
export class NotificationProviders {
  readonly #byChannel = new Map<string, NotificationProvider>()
  readonly #byId = new Map<string, NotificationProvider>()
  readonly #timeout: number

  /** @throws {TypeError} when two providers have one id or one channel. */
  constructor(providers: readonly NotificationProvider[], timeout: number) {
    this.#timeout = timeout
    for (const provider of providers) {
      if (this.#byId.has(provider.id)) throw new TypeError(`Two notification providers have the id "${provider.id}"`)
      this.#byId.set(provider.id, provider)
      for (const channel of provider.channels) {
        if (this.#byChannel.has(channel))
          throw new TypeError(`Two notification providers have the channel "${channel}"`)
        this.#byChannel.set(channel, provider)
      }
    }
  }

  /** @throws {ChannelUnknown} */
  forChannel(channel: string): NotificationProvider {
    const provider = this.#byChannel.get(channel) ?? this.#byChannel.get("*")
    if (provider === undefined) throw new ChannelUnknown(channel)
    return provider
  }

  /** Sends with the provider that was chosen at first, or whoever has the channel now if that is gone. */
  async send(
    db: Database,
    providerId: string,
    notification: Omit<OutgoingNotification, "signal">,
  ): Promise<string | undefined> {
    if (db.inTransaction)
      throw new Error("A notification was sent in a transaction, which would wait for it: commit first")
    const provider = this.#byId.get(providerId) ?? this.forChannel(notification.channel)
    const controller = new AbortController()
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      reject(new SendingTimedOut(provider.id, this.#timeout))
      controller.abort()
    }, this.#timeout)
    try {
      const sending = provider.send({ ...notification, signal: controller.signal })
      return (await Promise.race([sending, late])).externalId
    } finally {
      clearTimeout(timer)
    }
  }
}
