import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { manualPayment, NotOffered, startPayment, WebhookRejected } from "../index.ts"
import { aPaymentCollection, httpPayment, startFakePaymentServer, type FakePaymentServer } from "../testing.ts"

type Payments = Awaited<ReturnType<typeof startPayment>>

describe("webhooks", () => {
  let server: FakePaymentServer
  let database: TestDatabase
  let alone: Payments

  beforeAll(async () => {
    server = await startFakePaymentServer()
    database = await createTestDatabase()
    const providers = [manualPayment, httpPayment(server)]
    alone = await startPayment({ database: database.url, providers, recoverAfter: 0, events: { relay: false } })
    await alone.migrate()
  })

  beforeEach(() => server.behave({}))

  afterAll(async () => {
    await alone.close()
    await database.drop()
    await server.close()
  })

  let events = 0
  const aSession = async () => {
    const { id } = await alone.collections.create(aPaymentCollection())
    const session = await alone.sessions.create(id, { providerId: "pp_fake_http" })
    return { collectionId: id, sessionId: session.id }
  }
  const tell = (
    type: "authorized" | "captured" | "failed",
    sessionId: string,
    amount = "100",
    eventId = `e${++events}`,
  ) => alone.webhooks.handleWebhook("pp_fake_http", server.webhook({ type, sessionId, amount, eventId }))
  const toldOf = async (id: string) => {
    const rows = await alone.database.sql<{ name: string }>(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )
    return rows.map(({ name }) => name)
  }

  it("record a payment once, however often and at once they come", async () => {
    const { collectionId, sessionId } = await aSession()

    const heard = await Promise.all(Array.from({ length: 6 }, () => tell("authorized", sessionId, "100", "same")))

    expect(heard.filter(({ isApplied }) => isApplied)).toHaveLength(1)
    const { status, payments } = await alone.collections.get(collectionId)
    expect(status).toBe("authorized")
    expect(payments).toHaveLength(1)
    expect(await toldOf(payments[0]!.id)).toEqual(["payment.authorized"])
  })

  it("find the payment that a flow has recorded", async () => {
    const { collectionId, sessionId } = await aSession()
    await alone.sessions.authorizeAndRecord(sessionId)

    await tell("authorized", sessionId)

    expect((await alone.collections.get(collectionId)).payments).toHaveLength(1)
  })

  it("add what was captured elsewhere, by its total, and nothing that we know", async () => {
    const { collectionId, sessionId } = await aSession()
    await alone.sessions.authorize(sessionId)
    await tell("captured", sessionId, "30")
    await tell("captured", sessionId, "30")
    const partly = await alone.collections.get(collectionId)
    await alone.payments.capture(partly.payments[0]!.id, { amount: 20 })
    await tell("captured", sessionId, "50")
    await tell("captured", sessionId, "5000")

    const { status, payments } = await alone.collections.get(collectionId)

    expect(partly.status).toBe("partially_captured")
    expect(status).toBe("completed")
    expect(payments[0]?.captures.map(({ amount }) => amount)).toEqual(["30", "20", "50"])
  })

  it("do not count twice what we are capturing ourselves", async () => {
    const { collectionId, sessionId } = await aSession()
    const { payment } = await alone.sessions.authorizeAndRecord(sessionId)
    const held = server.hold("capture")
    const capturing = alone.payments.capture(payment!.id, { amount: 40 })
    await held.arrived
    await tell("captured", sessionId, "40")
    held.release()
    await capturing

    expect(await alone.collections.get(collectionId)).toMatchObject({
      capturedAmount: "40",
      payments: [{ captures: [{ amount: "40" }] }],
    })
  })

  it("mark an attempt that failed, but not a payment", async () => {
    const { collectionId, sessionId } = await aSession()
    await tell("failed", sessionId)
    const failed = await alone.collections.get(collectionId)
    await tell("authorized", sessionId)
    await tell("failed", sessionId)

    expect(failed).toMatchObject({ status: "failed", paymentSessions: [{ status: "error" }] })
    expect(await alone.collections.get(collectionId)).toMatchObject({
      status: "authorized",
      paymentSessions: [{ status: "authorized", data: { reference: sessionId } }],
    })
  })

  it("free money that was paid with a session that had been dropped", async () => {
    const { collectionId, sessionId } = await aSession()
    await alone.sessions.delete(sessionId)
    const heard = await tell("authorized", sessionId)
    const asked = server.requests.length

    const { done } = await alone.recovery.recoverPending()

    expect(heard.isApplied).toBe(true)
    expect(done).toContain(sessionId)
    expect(server.requests.slice(asked)).toMatchObject([{ method: "delete", sessionId }])
    expect((await alone.collections.get(collectionId)).payments).toEqual([])
  })

  it("pass over what is not ours", async () => {
    expect(await tell("authorized", "payses_of_another_shop")).toEqual({ type: "authorized", isApplied: false })
  })

  it("are refused when nobody signed them, or nobody sends any", async () => {
    const { sessionId } = await aSession()
    const request = server.webhook({ type: "authorized", sessionId, amount: "100", eventId: "forged" })
    const forged = { ...request, rawBody: request.rawBody.toString().replace("100", "1") }

    await expect(alone.webhooks.handleWebhook("pp_fake_http", forged)).rejects.toThrow(WebhookRejected)
    await expect(alone.webhooks.handleWebhook("pp_system_default", request)).rejects.toThrow(NotOffered)
    await expect(alone.webhooks.handleWebhook("pp_none", request)).rejects.toMatchObject({
      code: "payment.unknown_provider",
    })
  })
})
