import { freePort, createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { startNotification } from "@marquetry/notification"
import { aNotification } from "@marquetry/notification/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { smtpProvider } from "../src/index.ts"
import { SmtpServer } from "./smtp-server.ts"

type Notifications = Awaited<ReturnType<typeof startNotification>>

describe("e-mail over SMTP", () => {
  const server = new SmtpServer()
  const usual = { host: "127.0.0.1", from: "Shop <shop@example.com>" }
  let database: TestDatabase
  let alone: Notifications

  beforeAll(async () => {
    await server.start()
    database = await createTestDatabase()
    const provider = smtpProvider({ ...usual, port: server.port, auth: { user: "shop", pass: "secret" } })
    alone = await startNotification({
      database: database.url,
      providers: [provider],
      backoff: 0,
      events: { relay: false },
    })
    await alone.migrate()
  })

  beforeEach(() => {
    server.answers = {}
    server.mails.length = 0
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
    await server.close()
  })

  it("is delivered with its subject, both of its bodies and an id that stays", async () => {
    const content = { subject: "Grüße", text: "It works", html: "<p>It works</p>" }

    const sent = await alone.notifications.create(aNotification({ to: "ada@example.com", content }))

    expect(sent).toMatchObject({ status: "success", providerId: "smtp", externalId: `<${sent.id}@example.com>` })
    expect(server.mails).toMatchObject([{ from: "shop@example.com", to: ["ada@example.com"], auth: "shop:secret" }])
    const data = server.mails[0]?.data ?? ""
    expect(data).toContain("From: Shop <shop@example.com>")
    expect(data).toContain("To: ada@example.com")
    expect(data).toMatch(/Subject: =\?UTF-8\?/)
    expect(data).toContain(`Message-ID: <${sent.id}@example.com>`)
    expect(data).toContain("Auto-Submitted: auto-generated")
    expect(data).toContain("<p>It works</p>")
  })

  it("comes from whom the notification says", async () => {
    await alone.notifications.create(aNotification({ from: "Support <help@other.example>" }))

    expect(server.mails[0]?.from).toBe("help@other.example")
  })

  it.each(["a@example.com, b@example.com", "a@example.com\r\nBcc: b@example.com"])(
    "goes to one address, and no header can be slipped in (%j)",
    async (to) => {
      await alone.notifications.create(aNotification({ to }))

      expect(server.mails.flatMap((mail) => mail.to).length).toBeLessThanOrEqual(1)
      expect(server.mails.map(({ data }) => data).join("\n")).not.toMatch(/^Bcc:/im)
    },
  )

  it.each([
    ["RCPT TO", "550 No such mailbox"],
    [".", "554 Spam"],
  ])("is given up when the server refuses it for good (%s: %s)", async (command, answer) => {
    server.answers = { [command]: answer }
    const { id, status, lastError } = await alone.notifications.create(aNotification())
    server.answers = {}

    const { sent } = await alone.notifications.retryPending()

    expect(status).toBe("failure")
    expect(lastError).toContain(answer.slice(4))
    expect(sent).not.toContain(id)
  })

  it.each([
    ["RCPT TO", "450 Try again later"],
    [".", "452 Disk full"],
    ["AUTH", "535 Wrong password"],
  ])("is tried again when the server may change its mind (%s: %s)", async (command, answer) => {
    server.answers = { [command]: answer }
    const { id, status } = await alone.notifications.create(aNotification())
    server.answers = {}

    const { sent } = await alone.notifications.retryPending()

    expect(status).toBe("failure")
    expect(sent).toEqual([id])
    expect(server.mails).toHaveLength(1)
  })

  it("is given up when there is nothing to say", async () => {
    const { status, lastError } = await alone.notifications.create({
      to: "a@b.example",
      channel: "email",
      template: "x",
    })

    expect(status).toBe("failure")
    expect(lastError).toContain('write a template "x"')
    expect(server.mails).toEqual([])
  })

  it.each([
    ["nobody listens", {}],
    ["no TLS is offered where it is required", { requireTls: true }],
  ])("is tried again when %s", async (_, options) => {
    const port = "requireTls" in options ? server.port : await freePort()
    const providers = [smtpProvider({ ...usual, ...options, port })]
    const shop = await startNotification({ database: database.url, providers, events: { relay: false } })

    const { status } = await shop.notifications.create(aNotification())

    expect(status).toBe("failure")
    expect(server.mails).toEqual([])
    await shop.close()
    const { sent } = await alone.notifications.retryPending()
    expect(sent).toEqual([])
  })
})
