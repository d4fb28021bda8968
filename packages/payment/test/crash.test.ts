import { spawn } from "node:child_process"
import { join } from "node:path"
import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startPayment } from "../src/index.ts"
import { aPaymentCollection, httpPayment, startFakePaymentServer, type FakePaymentServer } from "../src/testing.ts"

type Payments = Awaited<ReturnType<typeof startPayment>>

describe("a process that is killed while the provider works", () => {
  let server: FakePaymentServer
  let database: TestDatabase
  let alone: Payments

  beforeAll(async () => {
    server = await startFakePaymentServer()
    database = await createTestDatabase()
    const providers = [httpPayment(server)]
    alone = await startPayment({ database: database.url, providers, recoverAfter: 0, events: { relay: false } })
    await alone.migrate()
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
    await server.close()
  })

  const aSession = async () => {
    const { id } = await alone.collections.create(aPaymentCollection())
    return alone.sessions.create(id, { providerId: "pp_fake_http" })
  }

  /** Lets another process do it, and kills that once the service has done its part. */
  async function killDuring(task: "authorize" | "capture", id: string): Promise<void> {
    const held = server.hold(task)
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, "processes/pay.ts"), database.url, server.url, task, id],
      {
        stdio: ["ignore", "inherit", "inherit"],
        env: { ...process.env, NODE_OPTIONS: "--conditions=@marquetry/source --disable-warning=ExperimentalWarning" },
      },
    )
    const ended = new Promise<string | null>((resolve) => child.on("close", (_, signal) => resolve(signal)))
    await held.arrived
    child.kill("SIGKILL")
    expect(await ended).toBe("SIGKILL")
    held.release()
  }

  it("leaves an authorisation that recovery records, once", async () => {
    const session = await aSession()
    await killDuring("authorize", session.id)
    const left = await alone.sessions.get(session.id)

    const results = await Promise.all([alone.recovery.recoverPending(), alone.recovery.recoverPending()])

    expect(left.status).toBe("pending_authorization")
    expect(results.flatMap(({ left }) => left)).toEqual([])
    expect(await alone.collections.get(session.paymentCollectionId)).toMatchObject({
      status: "authorized",
      authorizedAmount: "100",
      payments: [{ paymentSessionId: session.id }],
    })
    expect(server.authorizations.get(`attempt-${session.id}`)?.sessionId).toBe(session.id)
  })

  it("leaves a capture that recovery finishes, once", async () => {
    const session = await aSession()
    const { payment } = await alone.sessions.authorizeAndRecord(session.id)
    await killDuring("capture", payment!.id)
    const left = await alone.payments.get(payment!.id)

    const results = await Promise.all([alone.recovery.recoverPending(), alone.recovery.recoverPending()])

    expect(left.capturedAmount).toBe("0")
    expect(results.flatMap(({ left }) => left)).toEqual([])
    expect(await alone.payments.get(payment!.id)).toMatchObject({
      capturedAmount: "100",
      captures: [{ amount: "100" }],
    })
    expect(server.sessions.get(session.id)?.captured.toString()).toBe("100")
  })

  it("leaves a session open that the provider never heard of", async () => {
    const session = await aSession()
    server.behave({ cut: "before" })
    await alone.sessions.authorize(session.id).catch(() => {})
    server.behave({})

    await alone.recovery.recoverPending()

    expect((await alone.sessions.get(session.id)).status).toBe("pending")
  })

  it("leaves dropped sessions that the provider is told of later", async () => {
    const session = await aSession()
    await alone.collections.setAmount(session.paymentCollectionId, 90, "eur")
    const before = server.sessions.get(session.id)?.isDeleted

    await alone.recovery.recoverPending()
    const asked = server.requests.length
    await alone.recovery.recoverPending()

    expect(before).toBe(false)
    expect(server.sessions.get(session.id)?.isDeleted).toBe(true)
    expect(server.requests).toHaveLength(asked)
  })
})
