import { ModuleError } from "@marquetry/kernel"

/** No provider of the configuration sends on that channel. */
export class ChannelUnknown extends ModuleError {
  readonly code = "notification.channel_unknown"
  readonly kind = "invalid"
  override readonly details: { channel: string }
  constructor(channel: string) {
    super(`No provider sends notifications on the channel "${channel}"`)
    this.details = { channel }
  }
}

/** It cannot be sent, however often it is tried: no such address, nothing to say. Thrown by providers. */
export class NotificationRefused extends ModuleError {
  readonly code = "notification.refused"
  readonly kind = "invalid"
}

/** By its code, so that a provider with a copy of this package of its own is understood. */
export const isRefused = (error: unknown): boolean => ModuleError.is(error) && error.code === "notification.refused"

/** A provider did not answer in time. It is tried again. */
export class SendingTimedOut extends ModuleError {
  readonly code = "notification.timed_out"
  readonly kind = "unavailable"
  override readonly details: { providerId: string }
  constructor(providerId: string, timeout: number) {
    super(`The notification provider "${providerId}" gave no answer within ${timeout} ms`)
    this.details = { providerId }
  }
}
