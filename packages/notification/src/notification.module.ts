import {
  Database,
  defineModule,
  Events,
  Query,
  start,
  type ModuleDefinition,
  type Started,
  type StartOptions,
} from "@marquetry/kernel"
import { CreateNotifications } from "./migrations/20261101000000_create-notifications.ts"
import { IndexNotificationsByTime } from "./migrations/20261126184000_index-notifications-by-time.ts"
import { NotificationSender } from "./notification/notification-sender.ts"
import { Notification } from "./notification/notification.entity.ts"
import { notificationResource } from "./notification/notification.resources.ts"
import { NotificationService } from "./notification/notification.service.ts"
import { logProvider } from "./provider/log-provider.ts"
import type { NotificationProvider } from "./provider/notification-provider.ts"
import { NotificationProviders, type Templates } from "./provider/providers.ts"

export interface NotificationOptions {
  /** Each for its channels; a {@link logProvider} for all of them unless said. */
  readonly providers?: readonly NotificationProvider[]
  /** By name: what writes a message from its data. */
  readonly templates?: Templates
  /** Milliseconds that a provider has to send one: 30,000 unless said. */
  readonly timeout?: number
  /** How often one is tried at most: 8 times unless said. */
  readonly maxAttempts?: number
  /** Milliseconds before the second attempt, doubled for each one after it: 60,000 unless said. */
  readonly backoff?: number
  /**
   * Milliseconds after which `retryPending` takes up what a process has not finished: 600,000 unless said. To be longer
   * than sending all of one `createMany` takes, ten at once.
   */
  readonly recoverAfter?: number
}

/** Notifications, with the providers and templates of a shop. */
export function notificationModule(options: NotificationOptions = {}): ModuleDefinition {
  const { providers: given = [logProvider()], templates = {}, timeout = 30_000 } = options
  const { maxAttempts = 8, backoff = 60_000, recoverAfter = 600_000 } = options
  const providers = new NotificationProviders(given, timeout)
  return defineModule({
    name: "notification",
    entities: [Notification],
    migrations: [CreateNotifications, IndexNotificationsByTime],
    resources: [notificationResource],
    register(container) {
      container.register(NotificationSender, {
        useFactory: (c) =>
          new NotificationSender(c.resolve(Database), c.resolve(Events), providers, { maxAttempts, backoff }),
      })
      container.register(NotificationService, {
        useFactory: (c) =>
          new NotificationService(c.resolve(Database), c.resolve(Query), c.resolve(NotificationSender), {
            providers,
            templates,
            lease: recoverAfter / 1_000,
          }),
      })
    },
  })
}

/** Runs notifications alone, on your database or an embedded one. */
export function startNotification(
  options: StartOptions & NotificationOptions = {},
): Promise<Started<{ notifications: NotificationService }>> {
  return start(notificationModule(options), options, (container) => ({
    notifications: container.resolve(NotificationService),
  }))
}
