import { NotificationService } from "@marquetry/notification"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, type BackOffice, type Sdk } from "./back-office.ts"
import { invite } from "./people.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

describe("notifications", () => {
  it("are read and listed by the official client", async () => {
    const { id } = await office.container.resolve(NotificationService).create({
      to: "ada@example.com",
      channel: "email",
      template: "order.placed",
      data: { order_id: "order_01", items: [{ title: "Book" }] },
      triggerType: "order.placed",
    })

    const { notification: read } = await sdk.admin.notification.retrieve(id)
    const { notifications: found, count } = await sdk.admin.notification.list({ q: "ada order", channel: "email" })
    const none = await sdk.admin.notification.list({ to: "nobody@example.com" } as object)

    expect(read).toEqual({
      id,
      to: "ada@example.com",
      channel: "email",
      template: "order.placed",
      data: { order_id: "order_01", items: [{ title: "Book" }] },
      trigger_type: "order.placed",
      resource_id: null,
      resource_type: null,
      receiver_id: null,
      created_at: read.created_at,
      updated_at: read.updated_at,
    })
    expect([found, count, none.count]).toEqual([[read], 1, 0])
  })

  it("do not show what opens doors to their receivers", async () => {
    const { id, token } = await invite(office, "new@shop.example")
    const { id: reset } = await office.container.resolve(NotificationService).create({
      to: "ada@example.com",
      channel: "email",
      template: "auth.password-reset",
      data: { token: "open-sesame", link: { reset_token: "open-sesame" }, actor_type: "user" },
      content: { text: "open-sesame" },
    })

    const list = await office.get("/admin/notifications?fields=*,content,resource_id")
    const one = await office.get(`/admin/notifications/${reset}?fields=data,content`)
    const whole = await office.get(`/admin/notifications/${reset}`)

    expect(list.text).toContain(id)
    expect(`${list.text}${one.text}${whole.text}`).not.toMatch(new RegExp(`${token}|open-sesame`))
    expect(one.body).toEqual({
      notification: { id: reset, data: { token: "…", link: { reset_token: "…" }, actor_type: "user" } },
    })
  })

  it("are listed in three statements", async () => {
    const sent = await office.statements(() => office.get("/admin/notifications?order=-created_at"))

    expect(sent).toHaveLength(3)
  })
})
