import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { sum } from "@marquetry/money"
import fc from "fast-check"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  CaptureTooHigh,
  manualPayment,
  NotCancelable,
  PaymentDeclined,
  PaymentIsCanceled,
  ProviderUnavailable,
  RefundTooHigh,
  startPayment,
} from "../index.ts"
import {
  aPaymentCollection,
  aRefundReason,
  httpPayment,
  startFakePaymentServer,
  type FakePaymentServer,
} from "../testing.ts"

type Payments = Awaited<ReturnType<typeof startPayment>>
type Money = "capturedAmount" | "refundedAmount"

describe("payments", () => {
  let server: FakePaymentServer
  let database: TestDatabase
  let alone: Payments
  let payments: Payments["payments"]

  beforeAll(async () => {
    server = await startFakePaymentServer()
    database = await createTestDatabase()
    const providers = [manualPayment, httpPayment(server)]
    alone = await startPayment({
      database: database.url,
      providers,
      timeout: 5_000,
      recoverAfter: 0,
      events: { relay: false },
    })
    await alone.migrate()
    payments = alone.payments
  })

  beforeEach(() => server.behave({}))

  afterAll(async () => {
    await alone.close()
    await database.drop()
    await server.close()
  })

  /** An authorised payment. */
  const aPayment = async (amount: number | string = 100, providerId = "pp_fake_http", currencyCode = "eur") => {
    const { id: collectionId } = await alone.collections.create(aPaymentCollection({ amount, currencyCode }))
    const session = await alone.sessions.create(collectionId, { providerId })
    const { payment } = await alone.sessions.authorizeAndRecord(session.id)
    return { id: payment!.id, sessionId: session.id, collectionId }
  }
  const toldOf = async (id: string) => {
    const rows = await alone.database.sql<{ name: string }>(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )
    return rows.map(({ name }) => name)
  }
  const refusalsOf = (results: PromiseSettledResult<unknown>[]) =>
    results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))

  it("are captured whole unless an amount is given, and remember by whom", async () => {
    const { id, sessionId, collectionId } = await aPayment("10.50")

    const captured = await payments.capture(id, { createdBy: "user_1" })

    expect(captured).toMatchObject({ capturedAmount: "10.5", captures: [{ amount: "10.5", createdBy: "user_1" }] })
    expect(captured.capturedAt).not.toBeNull()
    expect(captured).not.toHaveProperty("capturingAmount")
    expect(server.sessions.get(sessionId)?.captured.toString()).toBe("10.5")
    expect(await alone.collections.get(collectionId)).toMatchObject({ status: "completed", capturedAmount: "10.5" })
    expect(await toldOf(id)).toEqual(["payment.authorized", "payment.captured"])
  })

  it.each(["pp_fake_http", "pp_system_default"])("are captured once, however many want to at once (%s)", async (by) => {
    const { id } = await aPayment(100, by)

    const results = await Promise.allSettled(Array.from({ length: 20 }, () => payments.capture(id, { amount: 100 })))

    expect(refusalsOf(results)).toHaveLength(19)
    expect(refusalsOf(results).every((error) => error instanceof CaptureTooHigh)).toBe(true)
    expect(await payments.get(id)).toMatchObject({ capturedAmount: "100", captures: [{ amount: "100" }] })
  })

  it("say what is left when more is asked for", async () => {
    const { id } = await aPayment()
    await payments.capture(id, { amount: 60 })

    await expect(payments.capture(id, { amount: "40.01" })).rejects.toMatchObject({
      code: "payment.capture_exceeds_authorized",
      kind: "invalid",
      details: { paymentId: id, available: "40", pending: "0" },
    })
    await expect(payments.refund(id, { amount: "60.01" })).rejects.toMatchObject({
      code: "payment.refund_exceeds_captured",
      details: { available: "60" },
    })
    await payments.capture(id)
    await expect(payments.capture(id)).rejects.toThrow(CaptureTooHigh)
    await payments.refund(id)
    await expect(payments.refund(id)).rejects.toThrow(RefundTooHigh)
  })

  it("are refunded with a reason, which stays when it is deleted", async () => {
    const reason = await alone.refundReasons.create(aRefundReason())
    const { id, collectionId } = await aPayment()
    await payments.capture(id)

    const refunded = await payments.refund(id, { amount: 25, note: "Scratched", refundReasonId: reason.id })
    await alone.refundReasons.delete(reason.id)

    expect(refunded).toMatchObject({ refundedAmount: "25", refunds: [{ amount: "25", note: "Scratched" }] })
    expect((await payments.get(id)).refunds[0]?.refundReasonId).toBe(reason.id)
    expect(await alone.collections.get(collectionId)).toMatchObject({ refundedAmount: "25", status: "completed" })
    await expect(payments.refund(id, { refundReasonId: "refr_none" })).rejects.toMatchObject({
      code: "resource.not_found",
    })
    expect(await toldOf(id)).toContain("payment.refunded")
  })

  it("round what is asked to the currency's digits, and refuse what is less than its least unit", async () => {
    const { id } = await aPayment(100, "pp_fake_http", "jpy")

    await payments.capture(id, { amount: "10.4" })

    expect((await payments.get(id)).capturedAmount).toBe("10")
    await expect(payments.capture(id, { amount: "0.4" })).rejects.toMatchObject({ code: "input.invalid" })
    await expect(payments.capture(id, { amount: 0 })).rejects.toMatchObject({ code: "input.invalid" })
    await expect(payments.capture(id, { amount: -1 })).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("are canceled as long as nothing was captured, and not captured then", async () => {
    const { id, sessionId, collectionId } = await aPayment()
    const other = await aPayment()
    await payments.capture(other.id, { amount: 1 })

    const canceled = await payments.cancel(id)

    expect(canceled.canceledAt).not.toBeNull()
    expect(server.sessions.get(sessionId)?.authorized.toString()).toBe("0")
    expect(await alone.collections.get(collectionId)).toMatchObject({
      status: "canceled",
      authorizedAmount: "0",
      paymentSessions: [{ status: "canceled" }],
    })
    await expect(payments.capture(id)).rejects.toThrow(PaymentIsCanceled)
    await expect(payments.cancel(id)).rejects.toThrow(PaymentIsCanceled)
    await expect(payments.cancel(other.id)).rejects.toThrow(NotCancelable)
    await expect(payments.cancel("pay_none")).rejects.toMatchObject({ code: "resource.not_found" })
    expect(await toldOf(id)).toEqual(["payment.authorized", "payment.canceled"])
  })

  it("are either captured or canceled when both are asked at once", async () => {
    for (let round = 0; round < 5; round++) {
      const { id, sessionId } = await aPayment()

      const results = await Promise.allSettled([payments.capture(id), payments.cancel(id)])

      const { capturedAmount, canceledAt } = await payments.get(id)
      expect(refusalsOf(results)).toHaveLength(1)
      expect(canceledAt === null).toBe(capturedAmount === "100")
      expect(server.sessions.get(sessionId)?.captured.toString()).toBe(capturedAmount)
    }
  })

  it("free what was reserved when the provider declines, and say so", async () => {
    const { id } = await aPayment()
    server.behave({ decline: ["capture", "cancel"] })
    await expect(payments.capture(id)).rejects.toThrow(PaymentDeclined)
    await expect(payments.cancel(id)).rejects.toThrow(PaymentDeclined)
    server.behave({})

    await payments.capture(id)

    server.behave({ decline: ["refund"] })
    await expect(payments.refund(id)).rejects.toThrow(PaymentDeclined)
    server.behave({})
    await payments.refund(id)
    expect(await payments.get(id)).toMatchObject({ capturedAmount: "100", refundedAmount: "100" })
    expect((await toldOf(id)).filter((name) => name === "payment.operation_refused")).toHaveLength(3)
  })

  it.each(["before", "after"] as const)(
    "stay reserved when the connection is cut %s the work, and are finished once by recovery",
    async (cut) => {
      const { id, sessionId } = await aPayment()
      server.behave({ cut })
      await expect(payments.capture(id, { amount: 80 })).rejects.toThrow(ProviderUnavailable)
      const meanwhile = await payments.get(id)
      const refused = await payments.capture(id, { amount: 30 }).catch((error: unknown) => error)
      server.behave({})

      const [first, second] = await Promise.all([alone.recovery.recoverPending(), alone.recovery.recoverPending()])

      expect(meanwhile).toMatchObject({ capturedAmount: "0", captures: [] })
      expect(refused).toMatchObject({ details: { available: "20", pending: "80" } })
      expect([...first.left, ...second.left]).toEqual([])
      expect([...first.done, ...second.done].length).toBeGreaterThan(0)
      expect(await payments.get(id)).toMatchObject({ capturedAmount: "80", captures: [{ amount: "80" }] })
      expect(server.sessions.get(sessionId)?.captured.toString()).toBe("80")
      expect(await toldOf(id)).toEqual(["payment.authorized", "payment.captured"])
    },
  )

  it("are told as left by recovery for as long as the provider does not answer", async () => {
    const { id } = await aPayment()
    server.behave({ cut: "before" })
    await expect(payments.capture(id)).rejects.toThrow(ProviderUnavailable)

    const { done, left } = await alone.recovery.recoverPending()
    server.behave({})
    const next = await alone.recovery.recoverPending()

    expect(done).toEqual([])
    expect(left).toMatchObject([{ error: { code: "payment.provider_unavailable" } }])
    expect(next).toMatchObject({ done: [left[0]?.id], left: [] })
    expect((await payments.get(id)).capturedAmount).toBe("100")
  })

  it("can be prepared in a flow's transaction and performed after it", async () => {
    const { id } = await aPayment()
    const dropped = await alone.database
      .transaction(async () => {
        await payments.prepareCapture(id)
        throw new Error("changed my mind")
      })
      .catch((error: unknown) => error)

    const operation = await alone.database.transaction(() => payments.prepareCapture(id, { amount: 70 }))
    const performed = await payments.perform(operation)
    const again = await payments.perform(operation)

    expect(dropped).toBeInstanceOf(Error)
    expect(performed).toMatchObject({ capturedAmount: "70", captures: [{ id: operation }] })
    expect(again).toEqual(performed)
    await expect(payments.perform("capt_none")).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("answer a cancellation that was performed before as it is", async () => {
    const { id } = await aPayment()
    const operation = await payments.prepareCancel(id)
    await expect(payments.capture(id)).rejects.toThrow(PaymentIsCanceled)

    const canceled = await payments.perform(operation)

    expect(canceled.canceledAt).not.toBeNull()
    expect(await payments.perform(operation)).toEqual(canceled)
  })

  it("are captured and refunded by a local provider in one transaction, or not at all", async () => {
    const { id } = await aPayment(100, "pp_system_default")

    await alone.database
      .transaction(async () => {
        await payments.capture(id)
        await payments.refund(id, { amount: 10 })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await alone.database.transaction(() => payments.capture(id))

    expect(await payments.get(id)).toMatchObject({ capturedAmount: "100", refundedAmount: "0" })
  })

  it("are captured in a constant number of statements", async () => {
    const { id } = await aPayment(100, "pp_system_default")

    const statements = await statementsOf(alone.database, () => payments.capture(id))

    // Reserve, claim, finish, tell, read.
    expect(statements).toHaveLength(5)
  })

  it("keep the rules even from code that would break them", async () => {
    const { id } = await aPayment()
    const set = (change: string) => alone.database.run(`update "payment"."payment" set ${change} where id = $1`, [id])

    await expect(set("captured_amount = 100.01")).rejects.toThrow(/payment_captured_check/)
    await expect(set("capturing_amount = 60, captured_amount = 60")).rejects.toThrow(/payment_captured_check/)
    await expect(set("refunded_amount = 1")).rejects.toThrow(/payment_refunded_check/)
    await expect(set("captured_amount = 1, canceled_at = now()")).rejects.toThrow(/payment_canceled_check/)
    await expect(set("amount = 'NaN'")).rejects.toThrow(/payment_amount_check/)
  })

  it("are found by session and collection", async () => {
    const { id, sessionId, collectionId } = await aPayment()

    const bySession = await payments.list({ filter: { paymentSession: sessionId } })
    const byCollection = await payments.list({ filter: { paymentCollectionId: collectionId } })

    expect(bySession.rows.map((row) => row.id)).toEqual([id])
    expect(byCollection.rows.map((row) => row.id)).toEqual([id])
  })

  it("never take more than was authorised nor give back more than was taken, whatever is asked at once", async () => {
    const step = fc.record({
      kind: fc.constantFrom("capture" as const, "refund" as const),
      cents: fc.integer({ min: 1, max: 6_000 }),
      fault: fc.constantFrom(undefined, undefined, undefined, "decline" as const, "before" as const, "after" as const),
    })
    const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(rounds, async (rounds) => {
        const { id, sessionId, collectionId } = await aPayment()
        for (const steps of rounds) {
          const fault = steps[0]?.fault
          server.behave(fault === "decline" ? { decline: ["capture", "refund"] } : fault ? { cut: fault } : {})
          await Promise.allSettled(steps.map(({ kind, cents }) => payments[kind](id, { amount: cents / 100 })))
          server.behave({})
        }

        const { left } = await alone.recovery.recoverPending()

        const [payment, collection] = [await payments.get(id), await alone.collections.get(collectionId)]
        const outside = server.sessions.get(sessionId)
        expect(left).toEqual([])
        expect([payment.capturedAmount, payment.refundedAmount]).toEqual([
          String(outside?.captured),
          String(outside?.refunded),
        ])
        for (const [total, parts] of [
          ["capturedAmount", payment.captures],
          ["refundedAmount", payment.refunds],
        ] as [Money, { amount: string }[]][]) {
          expect(String(sum(parts.map(({ amount }) => amount)))).toBe(payment[total])
          expect(collection[total]).toBe(payment[total])
        }
        expect(Number(payment.capturedAmount)).toBeLessThanOrEqual(100)
        expect(Number(payment.refundedAmount)).toBeLessThanOrEqual(Number(payment.capturedAmount))
      }),
      { numRuns: 15 },
    )
  })
})
