import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { PaymentDeclined, ProviderUnavailable, startPayment, WebhookRejected } from "@marquetry/payment"
import Stripe from "stripe"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { stripeProvider } from "../src/index.ts"
import { FakeStripe, refused } from "./fake-stripe.ts"

type Payments = Awaited<ReturnType<typeof startPayment>>

const providerId = "pp_stripe_stripe"
const secret = "whsec_test"

describe("payments by Stripe", () => {
  const fake = new FakeStripe()
  let close: () => Promise<void>
  let database: TestDatabase
  let alone: Payments

  beforeAll(async () => {
    const started = await fake.start()
    close = () => started.close()
    database = await createTestDatabase()
    const base = { apiKey: "sk_test_x", client: started.client }
    const providers = [
      stripeProvider({ ...base, webhookSecret: secret }),
      stripeProvider({
        ...base,
        id: "pp_stripe_saved-card",
        captureMethod: "automatic",
        intent: () => ({ payment_method: "pm_saved", allowed_payment_method_types: ["card"] }),
      }),
    ]
    alone = await startPayment({ database: database.url, providers, recoverAfter: 0, events: { relay: false } })
    await alone.migrate()
  })

  beforeEach(() => {
    fake.fault = undefined
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
    await close()
  })

  const aSession = async (
    input: { amount?: number | string; currencyCode?: string; context?: object; provider?: string } = {},
  ) => {
    const { amount = "19.90", currencyCode = "eur", context = {}, provider = providerId } = input
    const { id } = await alone.collections.create({ amount, currencyCode })
    const session = await alone.sessions.create(id, { providerId: provider, context: { ...context } })
    const intent = fake.intents.get(String(session.data["id"]))!
    return { session, intent, collectionId: id }
  }
  const aPayment = async () => {
    const { session, intent, collectionId } = await aSession()
    fake.confirm(intent.id)
    const { payment } = await alone.sessions.authorizeAndRecord(session.id)
    return { id: payment!.id, session, intent, collectionId }
  }
  const tell = (type: string, object: object, id: string) => {
    const payload = JSON.stringify({ id, object: "event", type, data: { object } })
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret })
    return alone.webhooks.handleWebhook(providerId, { rawBody: payload, headers: { "stripe-signature": signature } })
  }

  it("begin with an intent in minor units that names the session, and what the browser needs", async () => {
    const { session, intent } = await aSession()

    expect(intent).toMatchObject({ amount: 1_990, currency: "eur", capture_method: "manual", customer: null })
    expect(intent.metadata).toEqual({ session_id: session.id })
    expect(session.data).toEqual({
      id: intent.id,
      client_secret: `${intent.id}_secret`,
      status: "requires_payment_method",
    })
    expect(fake.calls.find(({ params }) => params["metadata[session_id]"] === session.id)?.idempotencyKey).toBe(
      session.id,
    )
  })

  it("are for the customer that Stripe knows", async () => {
    const holder = await alone.accountHolders.create({ providerId, email: "a@example.com", customerId: "cus_ours" })
    const renamed = await alone.accountHolders.update(holder.id, { name: "Ada" })

    const { intent } = await aSession({ context: { accountHolder: { externalId: holder.externalId, data: {} } } })

    expect(intent.customer).toBe(holder.externalId)
    expect(renamed.data).toEqual({ id: holder.externalId })
    expect(fake.customers.get(holder.externalId)).toMatchObject({
      email: "a@example.com",
      name: "Ada",
      "metadata[customer_id]": "cus_ours",
    })
    await alone.accountHolders.delete(holder.id)
    expect(fake.customers.has(holder.externalId)).toBe(false)
  })

  it.each([
    ["requires_capture", "authorized", "authorized"],
    ["requires_action", "requires_more", "awaiting"],
    ["processing", "pending_authorization", "awaiting"],
    ["succeeded", "captured", "completed"],
    ["declined", "error", "failed"],
  ] as const)("that the buyer left as %s are %s", async (left, status, collectionStatus) => {
    const { session, intent } = await aSession()
    fake.confirm(intent.id, left)

    const recorded = await alone.sessions.authorizeAndRecord(session.id)

    expect(recorded).toMatchObject({ status, collection: { status: collectionStatus } })
  })

  it("that the buyer has not touched require more", async () => {
    const { session } = await aSession()

    expect(await alone.sessions.authorize(session.id)).toMatchObject({ status: "requires_more" })
    expect(await alone.sessions.statusOf(session.id)).toMatchObject({ status: "requires_more" })
  })

  it("by a saved card are confirmed under the key of the attempt", async () => {
    const { session, intent } = await aSession({ provider: "pp_stripe_saved-card" })

    const { status } = await alone.sessions.authorizeAndRecord(session.id, { idempotencyKey: "attempt-7" })

    expect(status).toBe("authorized")
    expect(intent.capture_method).toBe("automatic")
    expect(fake.calls.at(-1)).toMatchObject({
      path: `/v1/payment_intents/${intent.id}/confirm`,
      idempotencyKey: "attempt-7",
    })
  })

  it("are captured, in part too, and refunded in parts", async () => {
    const { id, intent } = await aPayment()

    await alone.payments.capture(id, { amount: 10 })
    await alone.payments.refund(id, { amount: "2.50" })
    const refunded = await alone.payments.refund(id)

    expect(intent).toMatchObject({ status: "succeeded", amount_received: 1_000 })
    expect([...fake.refunds.values()].filter((refund) => refund.payment_intent === intent.id)).toMatchObject([
      { amount: 250 },
      { amount: 750 },
    ])
    expect(refunded).toMatchObject({ capturedAmount: "10", refundedAmount: "10" })
    await expect(alone.payments.capture(id)).rejects.toThrow(PaymentDeclined)
    expect((await alone.payments.get(id)).capturedAmount).toBe("10")
  })

  it("are canceled, at Stripe by somebody else too", async () => {
    const [first, second] = [await aPayment(), await aPayment()]
    second.intent.status = "canceled"

    await alone.payments.cancel(first.id)
    const canceled = await alone.payments.cancel(second.id)

    expect(first.intent.status).toBe("canceled")
    expect(canceled.canceledAt).not.toBeNull()
  })

  it("are captured once though the answer was lost, for longer than Stripe remembers keys too", async () => {
    for (const isForgotten of [false, true]) {
      const { id, intent } = await aPayment()
      fake.fault = "cut_after"
      await expect(alone.payments.capture(id)).rejects.toThrow(ProviderUnavailable)
      fake.fault = undefined
      if (isForgotten) fake.forgetKeys()

      const { left } = await alone.recovery.recoverPending()

      expect(left).toEqual([])
      expect(intent.amount_received).toBe(1_990)
      expect(await alone.payments.get(id)).toMatchObject({ capturedAmount: "19.9", captures: [{ amount: "19.9" }] })
    }
  })

  it.each([
    [402, "card_error", "0", { code: "payment.declined", details: { reason: "insufficient_funds" } }],
    [400, "invalid_request_error", "0", { code: "payment.declined", details: { reason: "insufficient_funds" } }],
    [500, "api_error", "19.9", { code: "payment.provider_unavailable" }],
    [429, "rate_limit_error", "19.9", { code: "payment.provider_unavailable" }],
    [401, "authentication_error", "19.9", { code: "payment.provider_unavailable" }],
    [409, "idempotency_error", "19.9", { code: "payment.provider_unavailable" }],
  ] as const)("that Stripe answers with %i %s have taken %s in the end", async (code, type, captured, error) => {
    const { id } = await aPayment()
    fake.fault = refused(code, type, "some_code", { decline_code: "insufficient_funds" })
    await expect(alone.payments.capture(id)).rejects.toMatchObject(error)
    fake.fault = undefined

    await alone.recovery.recoverPending()

    expect((await alone.payments.get(id)).capturedAmount).toBe(captured)
  })

  it("come again when Stripe cannot be reached", async () => {
    const { session, intent } = await aSession()
    fake.confirm(intent.id)
    fake.fault = "cut_before"
    await expect(alone.sessions.authorizeAndRecord(session.id)).rejects.toThrow(ProviderUnavailable)
    fake.fault = undefined

    await alone.recovery.recoverPending()

    expect((await alone.sessions.get(session.id)).status).toBe("authorized")
  })

  it("that are given up are canceled, or refunded where the buyer was faster", async () => {
    const [untouched, confirmed, paid, gone] = [await aSession(), await aSession(), await aSession(), await aSession()]
    fake.confirm(confirmed.intent.id)
    fake.confirm(paid.intent.id, "succeeded")
    fake.intents.delete(gone.intent.id)

    for (const { session } of [untouched, confirmed, paid, gone]) await alone.sessions.delete(session.id)

    expect([untouched.intent.status, confirmed.intent.status]).toEqual(["canceled", "canceled"])
    expect([...fake.refunds.values()]).toContainEqual({ payment_intent: paid.intent.id, amount: 1_990 })
    expect((await alone.recovery.recoverPending()).done).toEqual([])
  })

  it("that are given up while Stripe works are canceled later", async () => {
    const { session, intent } = await aSession()
    fake.confirm(intent.id, "processing")
    await alone.sessions.delete(session.id)
    fake.confirm(intent.id)

    const { done } = await alone.recovery.recoverPending()

    expect(done).toEqual([session.id])
    expect(intent.status).toBe("canceled")
  })

  it("are changed with their session", async () => {
    const { session, intent } = await aSession()

    await alone.sessions.update(session.id, { context: { accountHolder: { externalId: "cus_later", data: {} } } })

    expect(intent).toMatchObject({ customer: "cus_later", amount: 1_990 })
  })

  it("are refused at once when Stripe finds them too small", async () => {
    await expect(aSession({ amount: "0.10" })).rejects.toMatchObject({
      code: "payment.declined",
      details: { reason: "amount_too_small" },
    })
  })

  it("are heard of by webhook: authorised, captured, failed", async () => {
    const { session, intent, collectionId } = await aSession()
    fake.confirm(intent.id, "declined")
    await tell("payment_intent.payment_failed", intent, "evt_1")
    const failed = await alone.collections.get(collectionId)
    fake.confirm(intent.id)
    await tell("payment_intent.amount_capturable_updated", intent, "evt_2")
    const authorized = await alone.collections.get(collectionId)
    Object.assign(intent, { status: "succeeded", amount_received: 1_500 })
    await tell("payment_intent.succeeded", intent, "evt_3")
    const again = await tell("payment_intent.succeeded", intent, "evt_3")

    expect(failed.status).toBe("failed")
    expect(authorized).toMatchObject({
      status: "authorized",
      paymentSessions: [{ data: { status: "requires_capture" } }],
    })
    expect(again.isApplied).toBe(false)
    expect(await alone.collections.get(collectionId)).toMatchObject({
      status: "partially_captured",
      capturedAmount: "15",
      payments: [{ paymentSessionId: session.id, captures: [{ amount: "15" }] }],
    })
  })

  it("pass over webhooks of others, and refuse those that Stripe did not sign", async () => {
    const { intent } = await aSession()

    expect(await tell("customer.created", { id: "cus_1" }, "evt_4")).toMatchObject({ type: "not_supported" })
    expect(await tell("payment_intent.succeeded", { ...intent, metadata: {} }, "evt_5")).toMatchObject({
      type: "not_supported",
    })
    const forged = {
      rawBody: JSON.stringify({ type: "payment_intent.succeeded" }),
      headers: { "stripe-signature": "t=1,v1=0" },
    }
    await expect(alone.webhooks.handleWebhook(providerId, forged)).rejects.toThrow(WebhookRejected)
    await expect(alone.webhooks.handleWebhook(providerId, { ...forged, headers: {} })).rejects.toThrow(WebhookRejected)
    await expect(alone.webhooks.handleWebhook("pp_stripe_saved-card", forged)).rejects.toMatchObject({
      code: "payment.not_offered",
    })
  })
})
