export { notificationModule, startNotification, type NotificationOptions } from "./notification.module.ts"
export { ChannelUnknown, NotificationRefused, SendingTimedOut } from "./notification/notification.errors.ts"
export { NotificationFailed } from "./notification/notification.events.ts"
export { notificationResource } from "./notification/notification.resources.ts"
export { CreateNotification, CreateNotifications } from "./notification/notification.schema.ts"
export { NotificationService, type NotificationView, type Retried } from "./notification/notification.service.ts"
export { logProvider, type LogProviderOptions } from "./provider/log-provider.ts"
export type {
  NotificationContent,
  NotificationProvider,
  OutgoingNotification,
} from "./provider/notification-provider.ts"
export type { Template, Templates } from "./provider/providers.ts"
