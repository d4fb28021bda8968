import { OrderService } from "@marquetry/order"
import { RefundReasonService } from "@marquetry/payment"
import { httpPayment, startFakePaymentServer, type FakePaymentServer } from "@marquetry/payment/testing"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { statusesOf, type Json, type Sdk } from "./back-office.ts"
import { openSellingOffice, paymentOf, type SellingOffice } from "./selling-office.ts"

let bank: FakePaymentServer
let office: SellingOffice
let sdk: Sdk
beforeAll(async () => {
  bank = await startFakePaymentServer()
  office = await openSellingOffice({ payments: [httpPayment({ url: bank.url })] })
  sdk = await office.sdk()
})
afterEach(() => bank.behave({}))
afterAll(async () => {
  await office.drop()
  await bank.close()
})

const outside = { provider: "pp_fake_http" }
const audited = async (id: string) =>
  (await office.audit(id)) as unknown as { action: string; actorId: string; changes: Json }[]
const actionsOf = async (id: string) => (await audited(id)).map(({ action }) => action)

/** An order of 29.75 euros that are authorised. */
const paid = async (wish: { provider?: string; quantity?: number } = {}) => {
  const { id, order } = await office.order(wish)
  return { id, total: order.total, payment: paymentOf(order) }
}

describe("payments", () => {
  it("are listed by what is known of them, and read", async () => {
    const { payment } = await paid()
    const { payment: one } = await sdk.admin.payment.retrieve(payment)
    const list = async (query: object) => {
      const { payments } = await sdk.admin.payment.list(query as never)
      return (payments as { id: string }[]).map(({ id }) => id)
    }

    expect(one).toEqual({
      id: payment,
      currency_code: "eur",
      amount: 29.75,
      captured_at: null,
      payment_collection_id: expect.stringMatching(/^pay_col_/) as string,
      payment_session_id: expect.stringMatching(/^payses_/) as string,
      captures: [],
      refunds: [],
    })
    expect(await list({ payment_session_id: one.payment_session_id })).toEqual([payment])
    expect(await list({ q: payment })).toEqual([payment])
    expect(await list({ q: "pp_system", order: "-created_at", limit: 1 })).toEqual([payment])
    expect(await list({ id: payment, created_at: { $lt: "2026-01-01" } })).toEqual([])
    expect(await office.statements(() => office.get("/admin/payments?order=-created_at"))).toHaveLength(3)
  })

  it("come from providers that the shop has", async () => {
    const { payment_providers: all, count } = await sdk.admin.payment.listPaymentProviders({
      is_enabled: true,
    } as never)

    expect(all).toContainEqual({ id: "pp_system_default", is_enabled: true })
    expect(count).toBe(2)
  })
})

describe("capturing", () => {
  it("takes what was authorised, in parts and then the rest, and tells the order", async () => {
    const { id, payment, total } = await paid()

    const { payment: part } = await sdk.admin.payment.capture(payment, { amount: 10 })
    const between = await office.read(id)
    const { payment: whole } = await sdk.admin.payment.capture(payment, {})
    const none = await office.post(`/admin/payments/${payment}/capture`)

    expect(part).toMatchObject({ captured_at: null, captures: [{ amount: 10 }] })
    expect(between).toMatchObject({
      payment_status: "partially_captured",
      summary: { paid_total: 10, pending_difference: total - 10 },
    })
    expect(whole).toMatchObject({
      captured_at: expect.any(String) as string,
      captures: [{ amount: 10 }, { amount: 19.75 }],
    })
    expect(await office.read(id)).toMatchObject({ payment_status: "captured", summary: { pending_difference: 0 } })
    expect(none).toMatchObject({ status: 400, body: { code: "payment.capture_exceeds_authorized" } })
  })

  it("says in the audit log who took what", async () => {
    const { payment } = await paid()

    const { payment: taken } = await sdk.admin.payment.capture(payment, { amount: 10 })

    const [{ id: capture }] = taken.captures as [{ id: string }]
    expect(await audited(payment)).toMatchObject([
      { action: "to_be_captured", actorId: office.userId, changes: {} },
      {
        action: "captured",
        actorId: office.userId,
        changes: {
          captured_amount: { from: 0, to: 10 },
          [`captures.${capture}`]: { to: { amount: 10, created_by: office.userId } },
        },
      },
    ])
  })

  it.each([
    ["more than was authorised", { amount: 29.76 }, "payment.capture_exceeds_authorized"],
    ["nothing", { amount: 0 }, "request.invalid"],
    ["less than nothing", { amount: -1 }, "request.invalid"],
    ["words", { amount: "all" }, "request.invalid"],
  ])("does not take %s", async (_, body, code) => {
    const { id, payment } = await paid()

    const answer = await office.post(`/admin/payments/${payment}/capture`, body)

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data", code } })
    expect(await office.read(id)).toMatchObject({ payment_status: "authorized" })
    expect(await actionsOf(payment)).toEqual([])
  })

  it("takes it once, however many ask at once", async () => {
    const { id, payment, total } = await paid(outside)

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => office.post(`/admin/payments/${payment}/capture`)),
    )

    expect(statusesOf(answers)).toEqual([200, 400, 400, 400, 400])
    expect(await office.read(id)).toMatchObject({ summary: { paid_total: total } })
    expect(bank.requests.filter(({ method, amount }) => method === "capture" && amount === String(total))).toHaveLength(
      1,
    )
  })

  it("takes it for one of two who have seen the same", async () => {
    const { payment } = await paid()
    const seen = await office.get(`/admin/payments/${payment}`)
    const headers = { "if-match": seen.headers.get("etag") as string }
    const capture = () => office.post(`/admin/payments/${payment}/capture`, { amount: 1 }, { headers })

    const first = await capture()
    const second = await capture()

    expect([first.status, second.status]).toEqual([200, 412])
    expect(first.headers.get("etag")).toBe((await office.get(`/admin/payments/${payment}`)).headers.get("etag"))
  })

  it("leaves all as it was where the provider declines, and says that it was tried", async () => {
    const { id, payment } = await paid(outside)
    bank.behave({ decline: ["capture"] })

    const declined = await office.post(`/admin/payments/${payment}/capture`)
    bank.behave({})
    const { payment: taken } = await sdk.admin.payment.capture(payment, {})

    expect(declined).toMatchObject({ status: 422, body: { type: "payment_authorization_error" } })
    expect(taken.captures).toHaveLength(1)
    expect(await actionsOf(payment)).toEqual(["to_be_captured", "to_be_captured", "captured"])
    expect(await office.read(id)).toMatchObject({ payment_status: "captured" })
  })

  it("keeps money for an order that lives, and for none that is called off meanwhile", async () => {
    const { id, payment, total } = await paid(outside)

    const [canceled] = await Promise.all([
      office.post(`/admin/orders/${id}/cancel`),
      office.post(`/admin/payments/${payment}/capture`),
    ])

    const order = await office.read(id)
    const { paid_total: taken = 0, refunded_total: returned = 0 } = order.summary
    expect(order["status"]).toBe(canceled.status === 200 ? "canceled" : "pending")
    expect(taken - returned).toBe(canceled.status === 200 ? 0 : total)
  })
})

describe("refunding", () => {
  const captured = async (wish: { provider?: string } = {}) => {
    const order = await paid(wish)
    await sdk.admin.payment.capture(order.payment, {})
    return order
  }

  it("gives back what was captured, in parts, with a reason", async () => {
    const { id, payment, total } = await captured()
    const reason = await office.container.resolve(RefundReasonService).create({ label: "Damaged", code: "damaged" })

    const { payment: part } = await sdk.admin.payment.refund(payment, {
      amount: 10,
      refund_reason_id: reason.id,
      note: "A scratch",
    } as never)
    const between = await office.read(id)
    const { payment: whole } = await sdk.admin.payment.refund(payment, {})
    const none = await office.post(`/admin/payments/${payment}/refund`)

    expect(part.refunds).toMatchObject([
      { amount: 10, note: "A scratch", payment_id: payment, refund_reason: { label: "Damaged", code: "damaged" } },
    ])
    expect(between).toMatchObject({
      payment_status: "partially_refunded",
      summary: { refunded_total: 10, transaction_total: total - 10 },
    })
    expect((whole.refunds as { amount: number }[]).map(({ amount }) => amount)).toEqual([10, 19.75])
    expect(await office.read(id)).toMatchObject({ payment_status: "refunded", summary: { refunded_total: total } })
    expect(none).toMatchObject({ status: 400, body: { code: "payment.refund_exceeds_captured" } })
    expect((await actionsOf(payment)).slice(2)).toEqual(["to_be_refunded", "refunded", "to_be_refunded", "refunded"])
  })

  it("gives back no more than was captured, nor for a reason that there is not", async () => {
    const { id, payment, total } = await captured()

    const more = await office.post(`/admin/payments/${payment}/refund`, { amount: total + 0.01 })
    const unknown = await office.post(`/admin/payments/${payment}/refund`, { refund_reason_id: "refr_none" })

    expect(more).toMatchObject({ status: 400, body: { code: "payment.refund_exceeds_captured" } })
    expect(unknown).toMatchObject({ status: 404, body: { type: "not_found" } })
    expect(await office.read(id)).toMatchObject({ payment_status: "captured" })
  })

  it("gives it back once, however many ask at once", async () => {
    const { id, payment, total } = await captured(outside)

    const answers = await Promise.all(Array.from({ length: 5 }, () => office.post(`/admin/payments/${payment}/refund`)))

    expect(statusesOf(answers)).toEqual([200, 400, 400, 400, 400])
    expect(await office.read(id)).toMatchObject({ summary: { refunded_total: total } })
  })

  it("is for those who may, who need not be those who capture", async () => {
    const { payment } = await paid()
    const taker = await office.colleague("taker@shop.example", ["payment:read", "payment:capture"])

    const taken = await office.post(`/admin/payments/${payment}/capture`, {}, { token: taker })
    const refused = await office.post(`/admin/payments/${payment}/refund`, {}, { token: taker })

    expect([taken.status, refused.status]).toEqual([200, 403])
  })
})

describe("payment collections", () => {
  /** An order of 20 euros that nobody has paid. */
  const unpaid = async (): Promise<string> => {
    const items = [{ title: "Lamp", unitPrice: 20, quantity: 1 }]
    const { id } = await office.container
      .resolve(OrderService)
      .create({ currencyCode: "eur", email: "a@b.example", items })
    return id
  }
  const made = async (orderId: string, amount = 20) => {
    const { payment_collection: collection } = await sdk.admin.paymentCollection.create({ order_id: orderId, amount })
    return collection as Json & { id: string }
  }

  it("ask for what is outstanding, and are paid by hand", async () => {
    const id = await unpaid()

    const collection = await made(id)
    const { payment_collection: done } = await sdk.admin.paymentCollection.markAsPaid(collection.id, { order_id: id })
    const again = await office.post(`/admin/payment-collections/${collection.id}/mark-as-paid`, { order_id: id })

    expect(collection).toMatchObject({ amount: 20, currency_code: "eur", status: "not_paid", payment_sessions: [] })
    expect(done).toMatchObject({ status: "completed", captured_amount: 20, payments: [{ amount: 20 }] })
    expect(again).toMatchObject({ status: 400, body: { type: "not_allowed", code: "payment.already_authorized" } })
    expect(await office.read(id)).toMatchObject({ payment_status: "captured", summary: { paid_total: 20 } })
    expect(await audited(collection.id)).toMatchObject([
      { action: "created" },
      { action: "marked_as_paid", actorId: office.userId, changes: { captured_amount: { from: 0, to: 20 } } },
    ])
  })

  it("ask for no more than that, and for no order that there is not", async () => {
    const id = await unpaid()
    await made(id, 15)

    const answers = [
      await office.post("/admin/payment-collections", { order_id: id, amount: 5.01 }),
      await office.post("/admin/payment-collections", { order_id: id, amount: 0 }),
      await office.post("/admin/payment-collections", { order_id: "order_none", amount: 1 }),
    ]

    expect(answers.map(({ status, body }) => [status, body["code"]])).toEqual([
      [400, "order.amount_not_outstanding"],
      [400, "input.invalid"],
      [404, "resource.not_found"],
    ])
    expect((await office.read(id)).payment_collections).toHaveLength(1)
  })

  it("are asked for once, however many ask at once", async () => {
    const id = await unpaid()

    const answers = await Promise.all(
      Array.from({ length: 4 }, () => office.post("/admin/payment-collections", { order_id: id, amount: 20 })),
    )

    expect(statusesOf(answers)).toEqual([200, 400, 400, 400])
    expect((await office.read(id)).payment_collections).toHaveLength(1)
  })

  it("are paid by a provider that is asked, and by none that should be", async () => {
    const id = await unpaid()
    const { id: collection } = await made(id)

    const byHand = await office.post(`/admin/payment-collections/${collection}/mark-as-paid`, {
      order_id: id,
      provider_id: "pp_fake_http",
    })
    const { payment_collection: begun } = await sdk.admin.paymentCollection.createPaymentSession(collection, {
      provider_id: "pp_fake_http",
    } as never)
    const [session] = begun.payment_sessions as [{ id: string }]
    const { order, is_authorized: isAuthorized } = await sdk.admin.order.authorizePaymentSession(id, session.id)

    expect(byHand).toMatchObject({ status: 400, body: { code: "order.not_paid_by_hand" } })
    expect(begun.payment_sessions).toMatchObject([{ provider_id: "pp_fake_http", status: "pending" }])
    expect(isAuthorized).toBe(true)
    expect(order).toMatchObject({ id, payment_status: "authorized" })
    expect(await actionsOf(collection)).toEqual(["created", "to_be_session_opened", "session_opened"])
    expect(await actionsOf(id)).toEqual(["to_be_payment_tried", "payment_tried"])
  })

  it("are not authorised where the provider declines, nor for another order", async () => {
    const [id, other] = [await unpaid(), await unpaid()]
    const { id: collection } = await made(id)
    const { payment_collection: begun } = await sdk.admin.paymentCollection.createPaymentSession(collection, {
      provider_id: "pp_fake_http",
    } as never)
    const body = { payment_session_id: (begun.payment_sessions as [{ id: string }])[0].id }
    bank.behave({ authorize: "error" })

    const declined = await office.post(`/admin/orders/${id}/payment-sessions/authorize`, body)
    const foreign = await office.post(`/admin/orders/${other}/payment-sessions/authorize`, body)

    expect(declined).toMatchObject({ status: 200, body: { is_authorized: false, order: { id } } })
    expect(foreign).toMatchObject({ status: 404, body: { type: "not_found" } })
    expect(await actionsOf(id)).toEqual(["to_be_payment_tried", "payment_tried"])
    expect(await actionsOf(other)).toEqual(["to_be_payment_tried"])
  })

  it("are deleted as long as nothing was paid", async () => {
    const id = await unpaid()
    const { id: collection } = await made(id)

    const deleted = await sdk.admin.paymentCollection.delete(collection)
    const { id: next } = await made(id)
    await sdk.admin.paymentCollection.markAsPaid(next, { order_id: id })
    const refused = await office.delete(`/admin/payment-collections/${next}`)

    expect(deleted).toEqual({ id: collection, object: "payment-collection", deleted: true })
    expect(refused).toMatchObject({ status: 400, body: { type: "not_allowed", code: "payment.collection_in_use" } })
    expect((await office.read(id)).payment_collections).toMatchObject([{ id: next }])
    expect(await actionsOf(collection)).toEqual(["created", "deleted"])
  })

  it("are those of their order", async () => {
    const [id, other] = [await unpaid(), await unpaid()]
    const { id: collection } = await made(id)

    const foreign = await office.post(`/admin/payment-collections/${collection}/mark-as-paid`, { order_id: other })
    const unknown = await office.post(`/admin/payment-collections/${collection}/mark-as-paid`, {
      order_id: id,
      provider_id: "pp_none",
    })

    expect(foreign).toMatchObject({ status: 404, body: { type: "not_found" } })
    expect(unknown).toMatchObject({ status: 400 })
    expect((await office.read(id)).payment_collections).toMatchObject([{ status: "not_paid", payments: [] }])
  })
})
