import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { manualPayment, startPayment, type PreparedReversal } from "../index.ts"
import { aPaymentCollection, httpPayment, startFakePaymentServer, type FakePaymentServer } from "../testing.ts"

describe("payments of collections that are given up", () => {
  let server: FakePaymentServer
  let database: TestDatabase
  let alone: Awaited<ReturnType<typeof startPayment>>
  let payments: typeof alone.payments

  beforeAll(async () => {
    server = await startFakePaymentServer()
    database = await createTestDatabase()
    const providers = [manualPayment, httpPayment(server)]
    alone = await startPayment({ database: database.url, providers, recoverAfter: 0, events: { relay: false } })
    await alone.migrate()
    payments = alone.payments
  })

  beforeEach(() => server.behave({}))

  afterAll(async () => {
    await alone.close()
    await database.drop()
    await server.close()
  })

  /** A collection of which so much was captured, and given back. */
  async function paid({ captured = 0, refunded = 0, providerId = "pp_fake_http" } = {}) {
    const { id: collectionId } = await alone.collections.create(aPaymentCollection())
    const session = await alone.sessions.create(collectionId, { providerId })
    const { payment } = await alone.sessions.authorizeAndRecord(session.id)
    const id = payment?.id as string
    if (captured > 0) await payments.capture(id, { amount: captured })
    if (refunded > 0) await payments.refund(id, { amount: refunded })
    return { collectionId, id, sessionId: session.id }
  }
  const perform = (prepared: readonly PreparedReversal[]) =>
    Promise.all(prepared.map(({ operationId }) => payments.perform(operationId)))

  it("are refunded, canceled, or left alone, after what was left of them", async () => {
    const [authorized, captured, part, gone] = [
      await paid(),
      await paid({ captured: 100 }),
      await paid({ captured: 60, refunded: 10 }),
      await paid({ captured: 40, refunded: 40 }),
    ]
    const canceled = await paid()
    await payments.cancel(canceled.id)
    const all = [authorized, captured, part, gone, canceled]

    const prepared = await payments.prepareReversals(
      all.map(({ collectionId }) => collectionId),
      { note: "called off", createdBy: "user_1" },
    )
    await perform(prepared)

    expect(prepared.map(({ paymentId }) => paymentId)).toEqual([authorized.id, captured.id, part.id])
    const after = await Promise.all(all.map(({ id }) => payments.get(id)))
    expect(after.map((one) => [one.capturedAmount, one.refundedAmount, one.canceledAt !== null])).toEqual([
      ["0", "0", true],
      ["100", "100", false],
      ["60", "60", false],
      ["40", "40", false],
      ["0", "0", true],
    ])
    expect(after[2]?.refunds.map(({ amount, note, createdBy }) => [amount, note, createdBy])).toEqual([
      ["10", null, null],
      ["50", "called off", "user_1"],
    ])
    expect(server.sessions.get(part.sessionId)?.refunded.toString()).toBe("60")
  })

  it("are given back once, however many give them up at once, and by recovery if nobody else does it", async () => {
    const [authorized, captured] = [await paid(), await paid({ captured: 30 })]
    const ids = [authorized.collectionId, captured.collectionId]

    const prepared = (await Promise.all(Array.from({ length: 6 }, () => payments.prepareReversals(ids)))).flat()
    await alone.recovery.recoverPending()

    expect(prepared).toHaveLength(2)
    expect((await payments.get(authorized.id)).canceledAt).not.toBeNull()
    expect(await payments.get(captured.id)).toMatchObject({ refundedAmount: "30" })
  })

  it("wait for a capture that is not answered", async () => {
    const { collectionId, id } = await paid()
    const operationId = await payments.prepareCapture(id, { amount: 20 })

    await expect(payments.prepareReversals([collectionId])).rejects.toMatchObject({
      code: "payment.capture_under_way",
      details: { paymentId: id },
    })
    await payments.perform(operationId)
    await perform(await payments.prepareReversals([collectionId]))

    expect(await payments.get(id)).toMatchObject({ capturedAmount: "20", refundedAmount: "20" })
  })

  it("are all of them: what is paid at this moment is not overlooked", async () => {
    const { id: collectionId } = await alone.collections.create(aPaymentCollection())
    const session = await alone.sessions.create(collectionId, { providerId: manualPayment.id })
    const give = () => payments.prepareReversals([collectionId])
    const recorded = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const waiting = async () => {
      const [row] = await alone.database.sql<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return row?.count
    }

    const paying = alone.database.transaction(async () => {
      await alone.sessions.authorizeAndRecord(session.id)
      recorded.resolve()
      await gate.promise
    })
    await recorded.promise
    const giving = give().catch((error: unknown) => error)
    await expect.poll(waiting).toBe(1)
    gate.resolve()
    await paying

    expect(await giving).toMatchObject({
      code: "payment.collection_changed",
      details: { paymentCollectionId: collectionId },
    })
    expect(await give()).toHaveLength(1)
  })
})
