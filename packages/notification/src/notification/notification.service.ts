import {
  newId,
  parse,
  type Database,
  type EntityOf,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import type { z } from "zod"
import type { NotificationProviders, Templates } from "../provider/providers.ts"
import { claimDue, insertNotifications, type NewNotification } from "./notification-rows.ts"
import type { NotificationSender } from "./notification-sender.ts"
import { notificationResource } from "./notification.resources.ts"
import { CreateNotification, CreateNotifications } from "./notification.schema.ts"

const view = { "*": true } as const
type Readable = EntityOf<typeof notificationResource>

export type NotificationView = Selected<Readable, typeof view>

/** What {@link NotificationService.retryPending} came to. */
export interface Retried {
  /** Ids of notifications that were sent. */
  readonly sent: readonly string[]
  /** Ids of those that failed (again). */
  readonly failed: readonly string[]
}

/** What the service is told by the configuration. */
export interface NotificationSettings {
  readonly providers: NotificationProviders
  readonly templates: Templates
  /** Seconds for which nobody else sends what is being sent. */
  readonly lease: number
}

/** Messages to people. Each is recorded first, sent outside of any transaction, and then what came of it is recorded. */
export class NotificationService {
  readonly #db: Database
  readonly #query: Query
  readonly #sender: NotificationSender
  readonly #settings: NotificationSettings

  constructor(db: Database, query: Query, sender: NotificationSender, settings: NotificationSettings) {
    this.#db = db
    this.#query = query
    this.#sender = sender
    this.#settings = settings
  }

  /** Records and sends one: see {@link createMany}. @throws {ChannelUnknown} {@link InvalidInput} */
  async create(input: CreateNotification): Promise<NotificationView> {
    const [made] = await this.createMany([parse(CreateNotification, input)])
    return made as NotificationView
  }

  /**
   * Records any number, and sends those whose key is new. Where sending fails this does not throw: the `status` says so,
   * and it is tried again by {@link retryPending}. In a transaction they are recorded alone, and sent by `retryPending`.
   *
   * @returns one per input, in order; those whose key there was already as they are.
   * @throws {ChannelUnknown} {@link InvalidInput} what a template throws: nothing is recorded then.
   */
  async createMany(inputs: CreateNotifications): Promise<NotificationView[]> {
    const notifications = await Promise.all(parse(CreateNotifications, inputs).map((one) => this.#prepared(one)))
    if (notifications.length === 0) return []
    const isLater = this.#db.inTransaction
    const inserted = await insertNotifications(this.#db, notifications, isLater ? 0 : this.#settings.lease)
    if (!isLater) {
      const fresh = notifications.filter(({ id }) => inserted.has(id))
      await this.#sender.send(fresh.map((notification) => ({ ...notification, attempts: 0 })))
    }
    return this.#inOrder(notifications)
  }

  /**
   * Sends what was recorded and not sent: after a crash, out of a transaction, after an attempt that failed and as long as
   * there are attempts left. To be called now and then, by a job. Several processes may call it at once; what a process
   * was killed over is sent twice unless the provider knows the notification's id.
   *
   * @param limit how many at most.
   */
  async retryPending(limit = 50): Promise<Retried> {
    if (this.#db.inTransaction) throw new Error("Notifications cannot be sent in a transaction: commit first")
    const attempts = await this.#sender.send(await claimDue(this.#db, this.#settings.lease, limit))
    const idsOf = (wanted: string) => attempts.filter(({ status }) => status === wanted).map(({ id }) => id)
    return { sent: idsOf("success"), failed: idsOf("failure") }
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<NotificationView> {
    return this.#query.get(notificationResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<Readable> } = {}): Promise<Page<NotificationView>> {
    return this.#query.list(notificationResource, { ...options, fields: view })
  }

  async #prepared(notification: z.output<typeof CreateNotification>): Promise<NewNotification> {
    const { channel, template, data } = notification
    const { id: providerId } = this.#settings.providers.forChannel(channel)
    const { templates } = this.#settings
    const write = Object.hasOwn(templates, template) ? templates[template] : undefined
    const content = notification.content ?? (await write?.(data ?? {})) ?? null
    return { ...notification, id: newId("noti"), content, providerId }
  }

  async #inOrder(notifications: readonly NewNotification[]): Promise<NotificationView[]> {
    const ids = notifications.map(({ id }) => id)
    const keys = notifications.map(({ idempotencyKey }) => idempotencyKey).filter((key) => key !== null)
    const filter = keys.length === 0 ? { id: ids } : { $or: [{ id: ids }, { idempotencyKey: keys }] }
    const { rows } = await this.list({ filter, limit: notifications.length, count: false })
    const byId = new Map(rows.map((row) => [row.id, row]))
    const byKey = new Map(rows.map((row) => [row.idempotencyKey, row]))
    return notifications.map(
      ({ id, idempotencyKey }) => (byId.get(id) ?? byKey.get(idempotencyKey)) as NotificationView,
    )
  }
}
