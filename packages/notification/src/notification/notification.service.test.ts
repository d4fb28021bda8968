import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { ChannelUnknown, logProvider, NotificationRefused, startNotification } from "../index.ts"
import { aNotification, recordingProvider } from "../testing.ts"

type Notifications = Awaited<ReturnType<typeof startNotification>>

describe("notifications", () => {
  const mail = recordingProvider(["email"])
  const lines: string[] = []
  const options = {
    providers: [mail, logProvider({ channels: ["sms"], log: (line) => void lines.push(line) })],
    templates: {
      "order.placed": ({ displayId }: Readonly<Record<string, unknown>>) => ({
        subject: `Order ${String(displayId)}`,
        text: "Thank you",
      }),
    },
    maxAttempts: 3,
    backoff: 0,
    timeout: 5_000,
    events: { relay: false },
  }
  let database: TestDatabase
  let alone: Notifications
  let notifications: Notifications["notifications"]

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startNotification({ ...options, database: database.url })
    await alone.migrate()
    notifications = alone.notifications
  })

  beforeEach(async () => {
    await alone.database.run(`delete from "notification"."notification"`)
    await alone.database.run(`delete from "marquetry"."outbox"`)
    mail.before = undefined
    mail.sent.length = 0
    lines.length = 0
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const failing = () => {
    throw new Error("The mailbox is full")
  }

  it("are recorded, written by their template, sent, and recorded as sent", async () => {
    const made = await notifications.create({
      to: "ada@example.com",
      channel: "email",
      template: "order.placed",
      data: { displayId: 7 },
      triggerType: "order.placed",
      resourceId: "order_1",
      resourceType: "order",
      receiverId: "cus_1",
    })

    expect(made).toMatchObject({
      to: "ada@example.com",
      content: { subject: "Order 7", text: "Thank you" },
      data: { displayId: 7 },
      status: "success",
      externalId: "external_1",
      providerId: "recording",
      attempts: 1,
      resourceId: "order_1",
      receiverId: "cus_1",
    })
    expect(made.id).toMatch(/^noti_/)
    expect(made).not.toHaveProperty("nextAttemptAt")
    expect(mail.sent).toMatchObject([{ id: made.id, content: { subject: "Order 7" } }])
    expect(await notifications.get(made.id)).toEqual(made)
  })

  it("say what they are given to say, whatever their template would", async () => {
    await notifications.create(aNotification({ template: "order.placed", content: { text: "Other words" } }))

    expect(mail.sent[0]?.content).toEqual({ text: "Other words" })
  })

  it("go to the provider that has their channel", async () => {
    await notifications.create(aNotification({ channel: "sms", to: "+49 30 1234" }))

    expect(mail.sent).toEqual([])
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain("+49 30 1234")
    await expect(notifications.create(aNotification({ channel: "pigeon" }))).rejects.toThrow(ChannelUnknown)
  })

  it("are sent in a constant number of statements, in order of what was given", async () => {
    const many = Array.from({ length: 100 }, (_, index) => aNotification({ to: `${index}@example.com` }))

    const one = await statementsOf(alone.database, () => notifications.create(aNotification()))
    const hundred = await statementsOf(alone.database, async () => {
      const made = await notifications.createMany(many)
      expect(made.map(({ to }) => to)).toEqual(many.map(({ to }) => to))
    })

    expect(hundred).toHaveLength(one.length)
    expect(one.length).toBeLessThanOrEqual(3)
    expect(mail.sent).toHaveLength(101)
  })

  it("are sent once per key, however many ask at once", async () => {
    const input = aNotification({ idempotencyKey: "order_1:placed" })

    const made = await Promise.all(Array.from({ length: 8 }, () => notifications.create(input)))
    const twice = await notifications.createMany([input, aNotification({ idempotencyKey: "b" }), { ...input, to: "x" }])

    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect(twice.map(({ id }) => id)).toEqual([made[0]?.id, expect.any(String), made[0]?.id])
    expect(mail.sent).toHaveLength(2)
  })

  it("that fail are tried again, with the words they had, until they are sent", async () => {
    mail.before = failing
    const failed = await notifications.create(aNotification())
    const again = await notifications.retryPending()
    mail.before = undefined
    const retried = await notifications.retryPending()

    expect(failed).toMatchObject({ status: "failure", attempts: 1, lastError: "The mailbox is full" })
    expect(again).toEqual({ sent: [], failed: [failed.id] })
    expect(retried).toEqual({ sent: [failed.id], failed: [] })
    expect(await notifications.get(failed.id)).toMatchObject({ status: "success", attempts: 3, lastError: null })
    expect(await notifications.retryPending()).toEqual({ sent: [], failed: [] })
  })

  it("are given up after the last attempt, or at once when they are refused, and say so", async () => {
    mail.before = failing
    const unlucky = await notifications.create(aNotification())
    await notifications.retryPending()
    await notifications.retryPending()
    mail.before = () => {
      throw new NotificationRefused("No such mailbox")
    }
    const refused = await notifications.create(aNotification({ template: "order.placed" }))
    mail.before = undefined

    expect(await notifications.retryPending()).toEqual({ sent: [], failed: [] })

    const told = await alone.database.sql(
      `select name, aggregate_id, payload ->> 'message' as message from "marquetry"."outbox" order by sequence`,
    )
    expect(told).toEqual([
      { name: "notification.failed", aggregate_id: unlucky.id, message: "The mailbox is full" },
      { name: "notification.failed", aggregate_id: refused.id, message: "No such mailbox" },
    ])
  })

  it("are sent after the transaction that records them, and not without it", async () => {
    await alone.database
      .transaction(async () => {
        await notifications.create(aNotification())
        throw new Error("changed my mind")
      })
      .catch(() => {})
    const recorded = await alone.database.transaction(() =>
      notifications.create(aNotification({ to: "b@example.com" })),
    )
    const before = mail.sent.length

    const { sent } = await notifications.retryPending()

    expect(recorded.status).toBe("pending")
    expect(before).toBe(0)
    expect(sent).toEqual([recorded.id])
    expect(mail.sent.map(({ to }) => to)).toEqual(["b@example.com"])
    await expect(alone.database.transaction(() => notifications.retryPending())).rejects.toThrow(/in a transaction/)
  })

  it("that a process died over are taken up by another, each by one", async () => {
    const { promise: stuck, resolve: letGo } = Promise.withResolvers<void>()
    const dead = recordingProvider(["email"])
    dead.before = () => stuck
    const dying = await startNotification({ ...options, providers: [dead], database: database.url, recoverAfter: 0 })
    const sending = dying.notifications.createMany(
      Array.from({ length: 20 }, (_, index) => aNotification({ to: `${index}@example.com` })),
    )
    await expect.poll(async () => (await notifications.list()).count).toBe(20)

    const results = await Promise.all(Array.from({ length: 4 }, () => notifications.retryPending(10)))

    const sent = results.flatMap((result) => result.sent)
    expect(new Set(sent).size).toBe(sent.length)
    expect(sent).toHaveLength(20)
    expect(mail.sent).toHaveLength(20)
    letGo()
    await sending
    await dying.close()
  })

  it("do not wait longer for a provider than they may", async () => {
    const slow = recordingProvider(["email"])
    const { promise: answer, resolve } = Promise.withResolvers<void>()
    slow.before = () => answer
    const impatient = await startNotification({ ...options, providers: [slow], database: database.url, timeout: 20 })

    const { status, lastError } = await impatient.notifications.create(aNotification())

    expect({ status, lastError }).toEqual({
      status: "failure",
      lastError: 'The notification provider "recording" gave no answer within 20 ms',
    })
    resolve()
    await impatient.close()
  })

  it("are found by address and template, by channel and by resource", async () => {
    const { id } = await notifications.create(aNotification({ to: "grace@example.com", resourceId: "order_9" }))
    await notifications.create(aNotification({ channel: "sms" }))

    expect((await notifications.list({ q: "grace" })).rows.map((row) => row.id)).toEqual([id])
    expect((await notifications.list({ filter: { channel: "email" } })).count).toBe(1)
    expect((await notifications.list({ filter: { resourceId: "order_9" } })).count).toBe(1)
  })

  it.each([
    ["nobody to send to", { to: " " }],
    ["a field that there is not", { colour: "red" }],
    ["a subject of 2,001 characters", { content: { subject: "x".repeat(2_001) } }],
  ] as [string, object][])("refuse %s", async (_, fault) => {
    await expect(notifications.create(aNotification(fault))).rejects.toMatchObject({ code: "input.invalid" })
    expect(mail.sent).toEqual([])
  })

  it("are not recorded when their template fails", async () => {
    const templates = {
      broken: () => {
        throw new Error("No such field")
      },
    }
    const shop = await startNotification({ ...options, templates, database: database.url })

    await expect(
      shop.notifications.create({ to: "a@example.com", channel: "email", template: "broken" }),
    ).rejects.toThrow("No such field")

    expect((await notifications.list()).count).toBe(0)
    await shop.close()
  })
})

describe("the providers of notifications", () => {
  it("have an id and channels of their own", async () => {
    const start = (...providers: ReturnType<typeof recordingProvider>[]) => startNotification({ providers })

    await expect(async () => start(recordingProvider(["a"]), recordingProvider(["b"]))).rejects.toThrow(/the id/)
    await expect(async () => start(recordingProvider(["a"]), recordingProvider(["a"], "other"))).rejects.toThrow(
      /the channel/,
    )
  })
})
